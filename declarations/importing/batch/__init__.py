"""Many files at once: plan, then apply.

`plan` says of every table what bringing it in would do; `writing` does it, a transaction a chunk in
which every table is whole or absent; `desk` keeps both with the files in an `ImportBatch`.
"""
