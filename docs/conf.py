"""How the pages become a site: python -m sphinx -W -n docs out/site."""

from importlib.metadata import version as _installed

project = "driftyard"
author = "the driftyard team"
release = version = _installed("driftyard")
language = "en"

extensions = ["myst_parser", "reports.site"]
exclude_patterns = ["examples", "pictures"]
highlight_language = "none"
nitpicky = True

myst_enable_extensions = ["dollarmath", "deflist", "fieldlist", "attrs_block"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
myst_fence_as_directive: list[str] = []

html_theme = "furo"
html_title = "driftyard"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/favicon.svg"
html_math_renderer = "formula"
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
# What a search finds is looked up in a script: that works from a folder, without a server.
html_show_search_summary = False
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"color-brand-primary": "#0b5a8f", "color-brand-content": "#0b5a8f"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f2", "color-brand-content": "#7cc4f2"},
    "footer_icons": [],
}
