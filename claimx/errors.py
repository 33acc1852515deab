"""What can go wrong, in one place. Each message says what happened, to which input, and what to do."""

from __future__ import annotations


class ClaimxError(Exception):
    """Base of the errors claimx raises; its text is fit to be shown to the person at the keyboard."""


class ModelError(ClaimxError):
    """A pipeline cannot be loaded or used."""

    @classmethod
    def not_found(cls, model: str, error: Exception) -> ModelError:
        return cls(
            f"cannot load the spaCy pipeline {model!r}: it is not installed, or built for another spaCy "
            f"({_first_line(error)}). Install it with pip, or leave --model out to use the one that comes with claimx."
        )

    @classmethod
    def lacks(cls, model: str, missing: list[str]) -> ModelError:
        return cls(
            f"the spaCy pipeline {model!r} has no {' and no '.join(missing)}, which claimx reads. Choose one that has."
        )

    @classmethod
    def no_option(cls, model: str, option: str) -> ModelError:
        return cls(f"the pipeline {model!r} has no option {option}. Leave it out, or choose another pipeline.")

    @classmethod
    def no_weights(cls, component: str) -> ModelError:
        return cls(
            f"the component {component} has no weights. Load a pipeline that has them, "
            'as claimx.load() or spacy.load("en_claimx_news") do, or call its from_disk.'
        )

    @classmethod
    def incomplete(cls, path: str, error: Exception) -> ModelError:
        return cls(f"{path}: the model cannot be read ({_first_line(error)}). Install claimx again.")

    @classmethod
    def damaged(cls, path: str) -> ModelError:
        return cls(f"{path}: is not the file it was made as (its SHA-256 differs). Install claimx again.")

    @classmethod
    def unfinished(cls, pipes: list[str]) -> ModelError:
        return cls(
            f"the pipeline ({', '.join(pipes)}) lacks the component claimx_extraction. Make it with claimx.load()."
        )


class InputError(ClaimxError):
    """An input cannot be read. `path` names it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path

    @classmethod
    def missing(cls, path: str) -> InputError:
        return cls(path, "no such file. Check the path; use - for standard input.")

    @classmethod
    def is_folder(cls, path: str) -> InputError:
        return cls(path, "is a folder. Name its files, for instance " + path.rstrip("/") + "/*.txt.")

    @classmethod
    def unreadable(cls, path: str, error: OSError) -> InputError:
        return cls(path, f"cannot be read ({error.strerror or error}). Check its permissions.")

    @classmethod
    def bad_encoding(cls, path: str, encoding: str, position: int) -> InputError:
        return cls(path, f"is not valid {encoding} (byte {position}). Name the right one with --encoding.")

    @classmethod
    def unknown_encoding(cls, path: str) -> InputError:
        return cls(path, "its encoding cannot be told; it may not be text at all. Name it with --encoding if it is.")

    @classmethod
    def binary(cls, path: str) -> InputError:
        return cls(path, "is not a text file. Convert it to plain text, HTML or JSON first.")

    @classmethod
    def no_main_text(cls, path: str) -> InputError:
        return cls(path, "no article text was found in the HTML. Save the text itself to a .txt file.")

    @classmethod
    def bad_json(cls, path: str, line: int, error: Exception) -> InputError:
        return cls(path, f"line {line} is not valid JSON ({_first_line(error)}).")

    @classmethod
    def no_key(cls, path: str, line: int, key: str, keys: list[str]) -> InputError:
        return cls(
            path, f"line {line} has no key {key!r} (it has {', '.join(keys[:8]) or 'none'}). Name it with --text-key."
        )

    @classmethod
    def not_text(cls, path: str, line: int, key: str, kind: str) -> InputError:
        return cls(path, f"line {line}: {key!r} holds a {kind}, not text. Name another key with --text-key.")

    @classmethod
    def not_records(cls, path: str) -> InputError:
        return cls(path, "holds neither an article (an object) nor a list of them.")

    @classmethod
    def too_long(cls, path: str, length: int, limit: int) -> InputError:
        return cls(path, f"has {length:,} characters, more than the limit of {limit:,}. Split it into its articles.")


class GoldError(ClaimxError):
    """Annotated articles cannot be read."""

    @classmethod
    def unreadable(cls, path: str, why: str) -> GoldError:
        return cls(f"{path}: cannot be read ({why}). Gold is a .jsonl file, or brat's .ann beside a .txt, in UTF-8.")

    @classmethod
    def no_annotations(cls, path: str) -> GoldError:
        return cls(f"{path}: holds no annotated article. Name a .jsonl file, an .ann file or a folder of .ann files.")

    @classmethod
    def bad_line(cls, path: str, line: int, error: Exception) -> GoldError:
        return cls(
            f"{path}: line {line} is not in the gold format ({type(error).__name__}: {_first_line(error)}). "
            "See claimx evaluate --help."
        )

    @classmethod
    def bad_span(cls, place: str, part: str, start: int, end: int, length: int) -> GoldError:
        return cls(f"{place}: the {part} [{start}, {end}] lies outside the text of {length} code points, or is empty.")

    @classmethod
    def twice(cls, path: str, line: int, key: str) -> GoldError:
        return cls(f"{path}: line {line} has the id {key!r} again. Give each article an id of its own.")

    @classmethod
    def dangling(cls, path: str, key: str) -> GoldError:
        return cls(f"{path}: a relation or event names {key}, which is no text bound. Mend the annotation.")

    @classmethod
    def bad_prediction(cls, path: str, line: int, error: Exception) -> GoldError:
        return cls(
            f"{path}: line {line} is no document of claimx ({type(error).__name__}: {_first_line(error)}). "
            "Make the file with claimx extract -f jsonl."
        )

    @classmethod
    def not_predicted(cls, path: str, missing: list[str]) -> GoldError:
        return cls(f"{path}: has no record for {len(missing)} articles of the gold, for instance {missing[0]!r}.")


class OutputError(ClaimxError):
    """A result cannot be written."""

    @classmethod
    def unknown_suffix(cls, path: str, formats: list[str]) -> OutputError:
        return cls(f"{path}: its suffix names no format. Use one of .{', .'.join(formats)}, or add --format.")

    @classmethod
    def failed(cls, path: str, error: OSError) -> OutputError:
        return cls(
            f"{path}: cannot be written ({error.strerror or error}). Nothing was left there; choose another place."
        )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
