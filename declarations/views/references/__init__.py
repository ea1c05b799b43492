"""基础数据: the lists that administrators keep, in and out as files, each looked at before it is brought in."""
