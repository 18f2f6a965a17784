"""Counting: what came, about what and whom, how quickly it was answered; yearly report, recommendations, what rises.

Users: petition staff (exact figures of what their post may see), the whole house and the public (released figures with
small cells suppressed), unit heads (recommendations). Rules: Regulations on Letters and Visits Work 2022, arts. 39–41.
Part of function 8.
"""
