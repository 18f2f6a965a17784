"""Holdings: appointed, acting, ended, corrected (function 65)."""
