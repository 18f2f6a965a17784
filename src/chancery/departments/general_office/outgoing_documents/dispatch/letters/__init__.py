"""The page behind the link of an e-mail: who sent what, the sealed paper, the receipt. Part of function 4, public."""
