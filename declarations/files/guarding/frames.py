"""What goes through the pipes between the sandbox and its children.

To the child: `REQUEST` (length of the options, length of the file), the options as JSON
(``{"name": …, "year": … or null, "checks": …, "answers": {…}}``), the bytes of the file. From the child: `REPLY`
(length) and JSON, ``{"refused": … or null, "tables": […]}``; its first reply, when it has started,
is ``{}``.
"""

import struct

REQUEST = struct.Struct(">IQ")
REPLY = struct.Struct(">Q")
