"""Units, posts, people, holdings, contacts."""

from __future__ import annotations

from django.db import models


class Unit(models.Model):
    """A body of the federation: department, office, division, member society, local association."""

    code = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")


class Post(models.Model):
    """A seat of work in a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200, blank=True)


class Person(models.Model):
    """Someone who holds, held or may hold a post."""

    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)


class Holding(models.Model):
    """A person in a post for a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
