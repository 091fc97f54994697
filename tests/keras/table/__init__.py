"""The models of the table: one row for each kind that people bring. `test_model_table.py` goes through them."""
