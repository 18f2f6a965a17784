"""Derived things 派生定密: what is copied from a classified thing, answers it or was filed from it inherits."""
