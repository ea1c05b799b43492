"""What every act that may be refused raises. It stands alone so that people and review share it."""


class MoveRefused(Exception):
    """A move that did not happen, and nothing was written: code, message and hint for the person."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
