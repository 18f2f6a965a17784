"""The procedure of outgoing documents: what is drawn runs; the binding says what each step does."""
