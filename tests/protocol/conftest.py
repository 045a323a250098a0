from collections.abc import Iterator

import pytest

from tests.protocol.differential import without_compiled_code


@pytest.fixture(autouse=True, scope="module", params=["compiled", "python"])
def way_of_framing(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test of the core runs with the accelerator, as far as it was built, and without."""
    if request.param == "compiled":
        yield
    else:
        with without_compiled_code():
            yield
