"""Privacy: what leads to a person is masked, coded or suppressed."""

from survey.privacy.mask import mask, mask_text

__all__ = ["mask", "mask_text"]
