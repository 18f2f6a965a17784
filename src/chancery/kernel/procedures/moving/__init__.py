"""Moving: taking a matter in hand under lock, and writing what the engine made of it in one statement."""
