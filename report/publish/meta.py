"""What the caller says about a publication, and what publishing gives back."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BookMeta:
    """What stands on the cover and in the margins of a publication.

    Parameters
    ----------
    title, subtitle
        Of the book.
    date_text
        The date as it is to be read, such as ``二〇二二年十二月``.
    publisher
        The line of the institute.
    notice
        Stands on every page of the site and of the PDF, such as that the data are simulated;
        None where there is nothing to say.
    links
        Pairs of label and address of what is published besides: profiles, benchmark, open data.
    lists
        Whether the PDF lists figures and tables after its contents.
    data
        Address of the folder with a ``.csv`` of every result table, such as ``release/data``; each
        figure leads to its own there. Empty where no such folder is published.
    other_language
        Address of the folder of the same book in the other language; its pages have the same names.
        Empty where there is none.
    description
        A sentence for search engines about the first page; its first paragraph where empty.
    """

    title: str
    subtitle: str = ""
    date_text: str = ""
    publisher: str = ""
    notice: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    lists: bool = True
    data: str = ""
    other_language: str = ""
    description: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the cover and the margins."""
        labels = (label for label, _ in self.links)
        own = (self.title, self.subtitle, self.date_text, self.publisher, self.notice or "")
        return (*own, *labels)


@dataclass(frozen=True, slots=True)
class Published:
    """What was written.

    Parameters
    ----------
    folder
        The folder of the publication.
    index, pdf, docx
        The first page of the site, the PDF and the Word document.
    files
        Every file, relative to `folder`, sorted.
    chapters
        How many chapters there are, the slides among them.
    reused
        Those that were not run again.
    """

    folder: Path
    index: Path
    pdf: Path
    docx: Path
    files: tuple[Path, ...]
    chapters: int
    reused: tuple[str, ...] = ()
