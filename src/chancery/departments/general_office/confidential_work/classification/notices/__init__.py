"""Notices of levels 定密、变更、解密通知书: what the audience is handed on paper."""
