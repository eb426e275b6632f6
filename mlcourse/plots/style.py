"""One look for every figure of the book."""

# Ten colours, each at a contrast of at least 3.8 : 1 on white. Ten hues cannot all be told apart by
# every reader: figures therefore add a marker or a label to the colour.
PALETTE = [
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#00896B",  # green
    "#8C5A2B",  # brown
    "#332288",  # indigo
    "#7A6A00",  # olive
    "#2F8CA8",  # teal
    "#882255",  # wine
    "#444444",  # grey
    "#E0218A",  # magenta
]

# Text stays legible when a figure of 5.6 inches is shown 340 pixels wide on a phone.
RC = {
    "font.size": 12.0,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.linewidth": 0.8,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
}
