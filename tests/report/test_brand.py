"""The theme file is read strictly, and its colours can be told apart."""

import numpy as np
import pytest
import yaml
from matplotlib.colors import to_rgb

from report.brand import BRAND, NEEDED, ROLES, brand, read_brand
from report.style import AUDIENCE_COLORS
from survey.findings import InputError


@pytest.fixture
def write(tmp_path):
    def written(change):
        content = yaml.safe_load(BRAND.read_text(encoding="utf-8"))
        change(content)
        path = tmp_path / "_brand.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    return written


def test_every_name_has_a_colour():
    look = brand()
    assert all(look[name].startswith("#") for name in (*NEEDED, *ROLES))
    assert look["primary"] == look["deep"]
    assert look.logo is None


def test_a_role_is_never_called_as_the_colour_it_names():
    file = yaml.safe_load(BRAND.read_text(encoding="utf-8"))["color"]
    assert all(file[role] != role for role in ROLES if role in file)


def test_the_audiences_are_told_apart_in_grey_print():
    luma = [np.dot(to_rgb(brand()[a]), (0.2126, 0.7152, 0.0722)) for a in AUDIENCE_COLORS]
    assert np.diff(sorted(luma)).min() > 0.03


def test_all_that_is_wrong_is_told_at_once(write):
    def spoil(content):
        del content["color"]["palette"]["pale"]
        content["color"]["primary"] = "deeep"
        content["logo"] = "nowhere.svg"

    with pytest.raises(InputError) as error:
        read_brand(write(spoil))
    told = "\n".join(map(str, error.value.findings))
    assert len(error.value.findings) == 3
    assert "color.palette.pale" in told
    assert "deep" in told
    assert "nowhere.svg" in told


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content["color"].update(primry="deep"),
        lambda content: content["color"]["palette"].update(deep="navy"),
        lambda content: content.pop("typography"),
    ],
)
def test_misspelt_keys_and_colours_are_refused(write, spoil):
    with pytest.raises(InputError):
        read_brand(write(spoil))
