"""What can be picked."""

WITHOUT_ACCOUNT = "people-without-account"  # people of the directory who have no account yet
REACHABLE = "posts-reachable"  # posts whose holder of today can sign in: what is sent there arrives
