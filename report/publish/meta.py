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
    downloads
        Pairs of label and address, beside the PDF.
    lists
        Whether the PDF lists figures and tables after its contents.
    """

    title: str
    subtitle: str = ""
    date_text: str = ""
    publisher: str = ""
    notice: str | None = None
    downloads: tuple[tuple[str, str], ...] = ()
    lists: bool = True

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the cover and the margins."""
        labels = (label for label, _ in self.downloads)
        own = (self.title, self.subtitle, self.date_text, self.publisher, self.notice or "")
        return (*own, *labels)


@dataclass(frozen=True, slots=True)
class Published:
    """What was written.

    Parameters
    ----------
    folder
        The folder of the publication.
    index, pdf
        The first page of the site, and the PDF.
    files
        Every file, relative to `folder`, sorted.
    """

    folder: Path
    index: Path
    pdf: Path
    files: tuple[Path, ...]
