"""What logging costs, what it leaves on disk and how fast it is looked at; run all of it with ``make bench``."""
