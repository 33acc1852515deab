"""What can go wrong, in one place. Each message says what happened, to which input, and what to do."""

from __future__ import annotations

from claimx.printable import printable


class ClaimxError(Exception):
    """Base of the errors claimx raises; its text is fit to be shown to the person at the keyboard.

    `exit_code` is what the command ends with: 2 where it could not begin, else 1.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))

    @classmethod
    def unexpected(cls, error: Exception) -> ClaimxError:
        return cls(
            f"{type(error).__name__}: {_first_line(error)}. Nobody has thought of this, which is a mistake of claimx: "
            "run it with claimx --debug for the traceback, and report it with that."
        )


class ModelError(ClaimxError):
    """A pipeline cannot be loaded or used."""

    exit_code = 2

    @classmethod
    def not_found(cls, model: str) -> ModelError:
        return cls(
            f"cannot load the spaCy pipeline {model!r}: it is neither an installed package nor a folder. "
            "Install it with pip, or leave --model out to use claimx's own."
        )

    @classmethod
    def not_installed(cls, model: str) -> ModelError:
        return cls(
            f"the trained pipeline {model!r} is not installed. In a clone of claimx, install it with pip install .; "
            'from wheels, with pip install --find-links FOLDER "claimx[news]", FOLDER being where they are. '
            "Or choose another pipeline with --model."
        )

    @classmethod
    def unreadable(cls, model: str, error: Exception) -> ModelError:
        return cls(
            f"cannot load the spaCy pipeline {model!r}: it is no pipeline, damaged, or built for another spaCy "
            f"({_first_line(error)}). Install it again, or leave --model out to use claimx's own."
        )

    @classmethod
    def lacks(cls, model: str, missing: list[str]) -> ModelError:
        return cls(
            f"the pipeline {model!r} has no component {' and no '.join(missing)}. "
            "Choose one with claimx's components, or leave --model out to use the one that comes with claimx."
        )

    @classmethod
    def unknown_trait(cls, where: str, trait: str) -> ModelError:
        return cls(
            f"{where}: there is no trait {trait!r}. The weights are of another version of claimx; install the pipeline "
            "that belongs to this one, or learn them anew."
        )

    @classmethod
    def no_weights(cls, component: str) -> ModelError:
        return cls(
            f"the component {component} has no weights. Load a pipeline that has them, "
            'as claimx.load() or spacy.load("en_claimx_news") do, or call its from_disk.'
        )

    @classmethod
    def incomplete(cls, path: str, error: Exception) -> ModelError:
        return cls(f"{path}: the model cannot be read ({_first_line(error)}). Install the pipeline again.")

    @classmethod
    def damaged(cls, path: str) -> ModelError:
        return cls(f"{path}: is not the file it was made as (its SHA-256 differs). Install the pipeline again.")

    @classmethod
    def bad_rules(cls, name: str, why: str) -> ModelError:
        return cls(f"the rule file {name} of the pipeline {why}. Correct it, or delete it to have claimx's own.")

    @classmethod
    def unfinished(cls, pipes: list[str]) -> ModelError:
        return cls(
            f"the pipeline ({', '.join(pipes)}) lacks the component claimx_extraction. Make it with claimx.load()."
        )


class ConfigError(ClaimxError):
    """A file of settings or rules cannot be used."""

    exit_code = 2

    @classmethod
    def unreadable(cls, path: str, why: str) -> ConfigError:
        return cls(f"{path}: cannot be read ({why}). Check the path, or leave it out.")

    @classmethod
    def syntax(cls, path: str, error: Exception) -> ConfigError:
        return cls(f"{path}: is not valid TOML: {_first_line(error)}. Mend that line.")

    @classmethod
    def bad_value(cls, path: str, line: int, key: str, why: str) -> ConfigError:
        return cls(f"{path}: line {line}: {key} {why}. Mend that line.")


class OptionError(ClaimxError):
    """The options of a command do not go together."""

    exit_code = 2

    @classmethod
    def no_input(cls) -> OptionError:
        return cls("no article is named. Name one, or - for standard input.")

    @classmethod
    def no_encoding(cls, name: str) -> OptionError:
        return cls(f"there is no encoding {name!r}. Try utf-8, cp1252 or latin-1.")

    @classmethod
    def two_formats(cls, format_: str) -> OptionError:
        return cls(f"--view is for people to read, --format {format_} for programs. Leave one of them out.")

    @classmethod
    def flat(cls) -> OptionError:
        return cls("--flat goes with --format jsonl. Add that, or leave --flat out.")

    @classmethod
    def needs_output(cls, format_: str, made: str) -> OptionError:
        return cls(f"--format {format_} goes with --output: it makes a {made}. Name one.")

    @classmethod
    def needs_ray(cls) -> OptionError:
        return cls("--ray-address goes with --engine ray. Add that, or leave --ray-address out.")

    @classmethod
    def no_command(cls, name: str, commands: list[str]) -> OptionError:
        return cls(f"there is no command {name!r}. Name one of {', '.join(commands)}.")


class InputError(ClaimxError):
    """An input cannot be read. `path` names it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path

    @classmethod
    def of(cls, path: str, error: OSError) -> InputError:
        """What an error of the operating system means for an input."""
        if isinstance(error, FileNotFoundError):
            return cls.missing(path)
        return cls.is_folder(path) if isinstance(error, IsADirectoryError) else cls.unreadable(path, error)

    @classmethod
    def missing(cls, path: str) -> InputError:
        return cls(path, "no such file. Check the path; use - for standard input.")

    @classmethod
    def is_folder(cls, path: str) -> InputError:
        return cls(path, f"is a folder. Read it with claimx batch {path} -o claims.jsonl, or name its files.")

    @classmethod
    def unreadable(cls, path: str, error: Exception) -> InputError:
        return cls(path, f"cannot be read ({getattr(error, 'strerror', None) or error}). Check its permissions.")

    @classmethod
    def damaged(cls, path: str, error: Exception) -> InputError:
        return cls(path, f"is damaged or cut short ({_first_line(error)}). Fetch or make it again.")

    @classmethod
    def needs(cls, path: str, package: str, extra: str) -> InputError:
        return cls(path, f"is read with {package}, which is not installed: {_install(extra)}.")

    @classmethod
    def not_many(cls, kind: str) -> InputError:
        return cls("extract_many", f"takes several articles, not one {kind}. Give a list of them, or call extract.")

    @classmethod
    def no_article(cls, number: int, why: str) -> InputError:
        return cls(
            f"article {number}",
            f'{why}. Give a text, (text, context), or a mapping with "text" and, if you like, "id", "title", "path" '
            'and "url", all of them strings.',
        )

    @classmethod
    def not_a_file(cls, path: str) -> InputError:
        return cls(path, "is neither a file nor a folder. Name the file that holds the text.")

    @classmethod
    def closed(cls) -> InputError:
        return cls("<stdin>", "is closed. Name a file, or pipe an article to it.")

    @classmethod
    def silent(cls, path: str, seconds: float) -> InputError:
        return cls(path, f"is a pipe to which nobody writes ({seconds:g} seconds). Start what writes to it first.")

    @classmethod
    def loop(cls, path: str) -> InputError:
        return cls(path, "is a link to a folder that holds it. Remove the link, or name the folders to read.")

    @classmethod
    def changed(cls, path: str) -> InputError:
        return cls(path, "has changed since the run began. Run the command again with --restart.")

    @classmethod
    def too_large(cls, path: str, limit: int) -> InputError:
        return cls(path, f"holds more than {limit >> 20} MB. Split it into its articles, for instance as .jsonl.")

    @classmethod
    def long_record(cls, path: str, place: str, limit: int) -> InputError:
        return cls(path, f"{place} is longer than {limit:,} characters. Split it into its articles.")

    @classmethod
    def no_articles(cls, path: str) -> InputError:
        return cls(path, "holds no articles. Check that it is the right file.")

    @classmethod
    def bad_table(cls, path: str, place: str, error: Exception) -> InputError:
        return cls(path, f"{place} and all after it cannot be read ({_first_line(error)}). Mend the quotation marks.")

    @classmethod
    def bad_encoding(cls, path: str, encoding: str, place: str) -> InputError:
        return cls(path, f"is not valid {encoding} ({place}). Name the right one with --encoding.")

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
    def bad_json(cls, path: str, place: str, error: Exception) -> InputError:
        return cls(path, f"{place} is not valid JSON ({_first_line(error)}). Mend it, or leave it out.")

    @classmethod
    def no_key(cls, path: str, place: str, key: str, keys: list[str]) -> InputError:
        return cls(
            path, f"{place} has no key {key!r} (it has {', '.join(keys[:8]) or 'none'}). Name it with --text-key."
        )

    @classmethod
    def not_text(cls, path: str, place: str, key: str, kind: str) -> InputError:
        return cls(path, f"{place}: {key!r} holds a {kind}, not text. Name another key with --text-key.")

    @classmethod
    def half_character(cls, path: str, place: str) -> InputError:
        return cls(path, f"{place} has half a character (a lone surrogate). Mend whatever wrote it.")

    @classmethod
    def not_records(cls, path: str) -> InputError:
        return cls(path, 'holds neither an article nor a list of them. Give an article as {"text": "…"}.')

    @classmethod
    def too_long(cls, path: str, length: int, limit: int) -> InputError:
        return cls(
            path,
            f"has {length:,} characters, more than the limit of {limit:,}. "
            "Split it into its articles, or raise --max-chars.",
        )


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
        return cls(
            f"{place}: the {part} [{start}, {end}] is empty, or lies outside the text of {length} code points. "
            "Mend the annotation."
        )

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
        return cls(
            f"{path}: has no record for {len(missing)} articles of the gold, for instance {missing[0]!r}. "
            "Run claimx extract on all of them."
        )


class OutputError(ClaimxError):
    """A result cannot be written."""

    exit_code = 2

    @classmethod
    def unknown_suffix(cls, path: str, formats: list[str]) -> OutputError:
        return cls(f"{path}: its suffix names no format. Use one of .{', .'.join(formats)}, or add --format.")

    @classmethod
    def failed(cls, path: str, error: Exception) -> OutputError:
        reason = getattr(error, "strerror", None) or _first_line(error)
        return cls(f"{path}: cannot be written ({reason}). Nothing was left there; choose another place.")

    @classmethod
    def closed(cls) -> OutputError:
        return cls("standard output is closed. Let it lead somewhere, for instance to /dev/null.")

    @classmethod
    def full(cls, error: OSError) -> OutputError:
        return cls(f"standard output cannot be written ({error.strerror}). Make room, or choose another place.")

    @classmethod
    def not_empty(cls, path: str) -> OutputError:
        return cls(f"{path}: is not an empty folder. Name one that is empty, or a new one.")

    @classmethod
    def one_file(cls, path: str) -> OutputError:
        return cls(f"{path}: a database is one file. Leave --partition out, or write jsonl, csv, tsv or parquet.")

    @classmethod
    def needs(cls, path: str, package: str, extra: str) -> OutputError:
        return cls(f"{path}: is written with {package}, which is not installed: {_install(extra)}.")

    @classmethod
    def no_pandas(cls) -> OutputError:
        return cls("claimx.to_frame makes a data frame of pandas, which is not installed: pip install pandas.")


class BatchError(ClaimxError):
    """A batch cannot begin or go on. `midway` tells that it had begun; what it wrote stays."""

    def __init__(self, message: str, midway: bool = False) -> None:
        super().__init__(message)
        self.midway = midway
        self.exit_code = 1 if midway else 2

    @classmethod
    def no_inputs(cls, names: list[str]) -> BatchError:
        return cls(f"{', '.join(names)}: holds no file to read. Check the folder and --glob.")

    @classmethod
    def no_list(cls) -> BatchError:
        return cls("standard input holds articles, not a list of files. Save them as .jsonl and name that file.")

    @classmethod
    def no_folder(cls, path: str, folder: str) -> BatchError:
        return cls(f"{path}: cannot be written, since there is no folder {folder}. Make it first.")

    @classmethod
    def other_settings(cls, path: str, name: str, before: object, now: object) -> BatchError:
        return cls(
            f"{path}: was begun with other settings ({name} was {before}, now {now}). "
            "Run it as before to go on, or with --restart to start over."
        )

    @classmethod
    def other_inputs(cls, path: str, difference: str) -> BatchError:
        return cls(f"{path}: its inputs have changed since it was begun ({difference}). Use --restart to start over.")

    @classmethod
    def not_ours(cls, path: str) -> BatchError:
        return cls(f"{path}: exists, and no batch wrote it. Choose another output, or replace it with --restart.")

    @classmethod
    def bad_manifest(cls, path: str) -> BatchError:
        return cls(f"{path}: cannot be understood. Remove it, or start over with --restart.")

    @classmethod
    def in_use(cls, path: str) -> BatchError:
        return cls(f"{path}: another claimx is writing it. Wait for it to end, or choose another output.")

    @classmethod
    def write_failed(cls, path: str, error: Exception) -> BatchError:
        reason = getattr(error, "strerror", None) or _first_line(error)
        return cls(
            f"{path}: cannot be written ({reason}). What was read so far is kept: "
            "make room or mend it, and run the same command again.",
            midway=True,
        )

    @classmethod
    def gone(cls, path: str) -> BatchError:
        return cls(
            f"{path}: has been removed while the batch was writing there. Run the same command again.", midway=True
        )

    @classmethod
    def workers_die(cls, why: str) -> BatchError:
        return cls(
            f"workers end before they are ready ({why}). Try fewer --workers; each needs about 250 MB.", midway=True
        )

    @classmethod
    def interrupted(cls) -> BatchError:
        return cls("interrupted. What was read so far is kept: run the same command to go on from there.", midway=True)

    @classmethod
    def no_ray(cls) -> BatchError:
        return cls(f'the engine "ray" needs Ray, which is not installed: {_install("ray")}.')

    @classmethod
    def ray_failed(cls, error: Exception) -> BatchError:
        return cls(f"Ray has failed ({_first_line(error)}). Run the same command to go on.", midway=True)


class FetchError(ClaimxError):
    """A web page cannot be fetched."""

    @classmethod
    def not_http(cls, url: str) -> FetchError:
        return cls(f"{url}: is no address of a web page. Give one that begins with http:// or https://.")

    @classmethod
    def no_host(cls, host: str) -> FetchError:
        return cls(f"{host}: there is no such host. Check the address.")

    @classmethod
    def private(cls, host: str) -> FetchError:
        return cls(f"{host}: is not fetched: it is no public address of the web. Paste the text instead.")

    @classmethod
    def failed(cls, url: str, error: Exception) -> FetchError:
        return cls(f"{url}: cannot be fetched ({_first_line(error)}). Paste the text instead.")

    @classmethod
    def status(cls, url: str, status: int) -> FetchError:
        return cls(f"{url}: the site answers {status}. Check the address, or paste the text.")

    @classmethod
    def not_a_page(cls, url: str, media: str) -> FetchError:
        return cls(f"{url}: is no web page or text ({media or 'of no type'}). Paste the text instead.")

    @classmethod
    def too_large(cls, url: str, limit: int) -> FetchError:
        return cls(f"{url}: has more than {limit >> 20} MB. Paste the text instead.")

    @classmethod
    def too_slow(cls, url: str, seconds: float) -> FetchError:
        return cls(f"{url}: did not arrive within {seconds:g} seconds. Try again, or paste the text.")

    @classmethod
    def too_many_redirects(cls, url: str) -> FetchError:
        return cls(f"{url}: leads from one address to the next. Give the last one, or paste the text.")


class ServiceError(ClaimxError):
    """The server cannot do what it was asked for. `status` is that of its answer in HTTP."""

    exit_code = 2

    def __init__(self, message: str, status: int = 503) -> None:
        super().__init__(message)
        self.status = status

    @classmethod
    def failed(cls, why: str) -> ServiceError:
        return cls(f"the text was not read: {why}")

    @classmethod
    def no_text(cls) -> ServiceError:
        return cls("no text was sent. Send text, html or a file.", 400)

    @classmethod
    def no_fetching(cls) -> ServiceError:
        return cls("this server fetches no pages. Start it with --allow-fetch, or paste the text.", 403)

    @classmethod
    def too_long(cls, length: int, limit: int) -> ServiceError:
        return cls(f"the text has {length:,} characters, more than {limit:,}. Split it into its articles.", 413)

    @classmethod
    def busy(cls) -> ServiceError:
        return cls("there are too many requests at a time. Try again in some seconds.")

    @classmethod
    def no_articles(cls) -> ServiceError:
        return cls('no articles were sent. Send {"articles": [{"text": "…"}]}.', 400)

    @classmethod
    def too_many_articles(cls, count: int, limit: int) -> ServiceError:
        return cls(f"there are {count:,} articles, more than {limit:,}. Send them in several requests.", 413)

    @classmethod
    def same_id(cls, key: str, first: int, second: int) -> ServiceError:
        return cls(f"articles {first} and {second} both have the id {key!r}. Give each an id of its own.", 422)

    @classmethod
    def wrong_type(cls, media: str, wanted: list[str]) -> ServiceError:
        given = f"Content-Type is {media!r}" if media else "there is no Content-Type"
        return cls(f"{given}. Send {' or '.join(wanted)}, and name it in the header Content-Type.", 415)

    @classmethod
    def no_metrics(cls) -> ServiceError:
        return cls(f"/metrics needs prometheus-client, which is not installed: {_install('metrics')}.", 501)

    @classmethod
    def needs_extra(cls, package: str) -> ServiceError:
        return cls(f"claimx serve needs {package}, which is not installed: {_install('web')}.")

    @classmethod
    def no_address(cls, host: str, port: int, error: Exception) -> ServiceError:
        reason = getattr(error, "strerror", None) or _first_line(error)
        return cls(f"cannot listen on {host}:{port} ({reason}). Choose another --port or --host.")


class WorkerDied(ClaimxError):
    """A worker process ended while it read an article, twice."""

    @classmethod
    def at(cls, why: str) -> WorkerDied:
        return cls(f"the process that read it ended twice ({why}). It may need more memory than there is.")


class TimedOut(ClaimxError):
    """An article took too long."""

    @classmethod
    def after(cls, seconds: float) -> TimedOut:
        return cls(f"was not read within {seconds:g} seconds. Give it more with --timeout, or split it.")


def _install(extra: str) -> str:
    """How to add an extra. By its name, pip adds it to a claimx that is installed, on whichever way that was."""
    return f'pip install ".[{extra}]" in a clone of claimx, else pip install "claimx[{extra}]"'


def _first_line(error: Exception) -> str:
    lines = str(error).split("\n")
    return next((line.strip()[:160] for line in lines if line.strip()), type(error).__name__)
