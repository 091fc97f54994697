"""What docs/troubleshooting.md says of a missing tab, of paths and of proxies, seen in the browser."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.proxy import Proxy
from tests.serving import serving

from .arrays import write_run
from .browser import Opener
from .conftest import show_trained
from .experiment import SECONDS
from .panel import Panel
from .tensorboard import TensorBoard

PAGE = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
# TensorBoard asks for them at the root, whatever the prefix.
FONTS = "/font-roboto/"
RANGES = ("range", "accept-ranges", "content-range")
# TensorBoard as it is in an environment that holds no plugin besides its own.
WITHOUT_THE_PLUGIN = """
import sys
from tensorboard import default, main_lib, program
main_lib.global_init()
tensorboard = program.TensorBoard(plugins=default.get_static_plugins())
tensorboard.configure(argv=["tensorboard", *sys.argv[1:]])
tensorboard.main()
"""


def test_a_tensorboard_without_the_plugin_has_no_such_dashboard(browser: Browser, tmp_path: Path) -> None:
    write_run(tmp_path)
    with serving([sys.executable, "-c", WITHOUT_THE_PLUGIN, f"--logdir={tmp_path}"], tmp_path) as url:
        page = browser.new_page()
        page.goto(f"{url}#cnnviz")
        # With another apostrophe.
        expect(page.get_by_text("s no dashboard by the name of")).to_contain_text("cnnviz")
        listing = page.request.get(f"{url}data/plugins_listing").json()
        page.close()
    assert "cnnviz" not in listing
    assert "There's no dashboard by the name of" in PAGE


def test_without_data_the_tab_is_in_a_menu_and_names_the_directory(
    browser: Browser, serve: Callable[..., TensorBoard], tmp_path: Path
) -> None:
    tensorboard = serve(tmp_path)
    page = browser.new_page()
    page.goto(f"{tensorboard.url}/#cnnviz")
    panel = page.frame_locator("iframe[src*='name=cnnviz']").get_by_test_id("empty")
    expect(panel).to_contain_text("No filters have been logged yet")
    expect(panel).to_contain_text(str(tmp_path))
    expect(page.get_by_text("Inactive", exact=True).first).to_be_visible()
    assert "cnnviz" in page.request.get(f"{tensorboard.url}/data/plugins_listing").json()
    page.goto(tensorboard.url)
    page.reload()
    expect(page.get_by_text("No dashboards are active")).to_be_visible()
    expect(page.get_by_role("tab", name="CNN Audio")).to_have_count(0)
    page.close()


@pytest.mark.parametrize(
    "habits",
    [
        {"prefix": "/proxy/6006", "strips_prefix": True},
        {"without": ("accept-encoding",)},
        {"inflates": True},
    ],
    ids=["strips a prefix", "asks for no compression", "inflates"],
)
def test_the_tab_works_behind_a_proxy(open_panel: Opener, tensorboard: TensorBoard, habits: dict[str, Any]) -> None:
    with Proxy(tensorboard.host, **habits) as proxy:
        check_shown(open_panel, proxy)


def test_the_tab_works_behind_a_proxy_that_keeps_tensorboards_prefix(
    open_panel: Opener, python_tensorboard: TensorBoard
) -> None:
    prefix = python_tensorboard.url.removeprefix(python_tensorboard.host)
    with Proxy(python_tensorboard.host, prefix=prefix) as proxy:
        check_shown(open_panel, proxy)


def check_shown(open_panel: Opener, proxy: Proxy) -> None:
    panel = open_panel(proxy, tab=True)
    show_trained(panel).choose_step(0).wait_shown(step=0)
    panel.watch.problems = [problem for problem in panel.watch.problems if FONTS not in problem]
    assert seek(panel) == pytest.approx(SECONDS / 2, abs=0.1)
    open_panel.close()


@pytest.mark.parametrize(
    ("habits", "address"),
    [
        ({"without": ("content-encoding",)}, "/#cnnviz"),
        ({"prefix": "/proxy/6006", "strips_prefix": True}, "#cnnviz"),
    ],
    ids=["takes Content-Encoding away", "without the slash at the end"],
)
def test_tensorboards_own_page_stays_empty(
    browser: Browser, tensorboard: TensorBoard, habits: dict[str, Any], address: str
) -> None:
    with Proxy(tensorboard.host, **habits) as proxy:
        page = browser.new_page()
        page.goto(proxy.url + address, wait_until="networkidle")
        assert page.locator("tf-dashboard, router-outlet, mat-toolbar").count() == 0
        page.close()


def test_without_range_a_moment_that_is_chosen_leads_back_to_the_start(
    open_panel: Opener, tensorboard: TensorBoard
) -> None:
    with Proxy(tensorboard.host, without=RANGES) as proxy:
        panel = show_trained(open_panel(proxy))
        assert seek(panel) == 0
        open_panel.close()


def seek(panel: Panel) -> float:
    """Ask the sound for its middle; gives where it then is."""
    at: float = panel.frame.evaluate("""async () => {
      const audio = document.querySelector("audio");
      while (audio.readyState < 1) await new Promise(done => setTimeout(done, 50));
      audio.currentTime = audio.duration / 2;
      await new Promise(done => setTimeout(done, 500));
      return audio.currentTime;
    }""")
    return at
