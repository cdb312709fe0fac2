#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Draws the first artwork and boxes of the birth certificates of both countries.

    script/certificate_art.py country

The result is ordinary SVG and JSON (docs/formats/certificate.md): from then on
a designer edits those, and this script shows how the ornaments were made.
"""
import json, math, os, sys
W, H = 595.27559055, 841.88976378

def f(v):
    s = f"{v:.2f}".rstrip("0").rstrip(".")
    return "0" if s == "-0" else s

def curve(at, t0, t1, steps, closed=False):
    """A parametric curve as cubic Béziers with its own tangents."""
    h = (t1 - t0) / steps
    def slope(t):
        e = 1e-5
        (x0, y0), (x1, y1) = at(t - e), at(t + e)
        return (x1 - x0) / (2 * e), (y1 - y0) / (2 * e)
    p = at(t0)
    d = [f"M{f(p[0])} {f(p[1])}"]
    for i in range(steps):
        u, v = t0 + h * i, t0 + h * (i + 1)
        (x0, y0), (x3, y3), (dx0, dy0), (dx1, dy1) = at(u), at(v), slope(u), slope(v)
        d.append("C" + " ".join(f(q) for q in (x0 + dx0 * h / 3, y0 + dy0 * h / 3, x3 - dx1 * h / 3, y3 - dy1 * h / 3, x3, y3)))
    return "".join(d) + ("Z" if closed else "")

def rosette(radius, petals, depth, turns):
    """A closed curve r = R(1 + depth cos(petals/turns t)) over `turns` rounds."""
    def at(t):
        r = radius * (1 + depth * math.cos(petals / turns * t)) / (1 + depth)
        return r * math.cos(t), r * math.sin(t)
    return curve(at, 0, 2 * math.pi * turns, petals * 4, True)

class Art:
    def __init__(self, country):
        self.c = country
        self.out, self.boxes = [], {}
    def add(self, s): self.out.append(s)
    def text(self, cls, x, y, s, anchor="start", extra=""):
        a = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.add(f'<text class="{cls}" x="{f(x)}" y="{f(y)}"{a}{extra}>{s}</text>')
    def box(self, name, x, y, w, h, style, **kw):
        """A box whose lower edge is the base line."""
        self.add(f'<rect id="box.{name}" class="box" x="{f(x)}" y="{f(y - h)}" width="{f(w)}" height="{f(h)}"/>')
        b = {"style": style}
        b.update({"align": "left", "valign": "baseline"} if "valign" not in kw else {})
        b.update(kw)
        self.boxes[name] = b
    def rule(self, x1, x2, y):
        self.add(f'<path class="rule" d="M{f(x1)} {f(y)}H{f(x2)}"/>')
    def label(self, x, y, native, latin, width=None):
        self.text("label native", x, y - 4.2, native)
        self.text("label latin", x, y + 3.6, latin)

def weave_edge(length, count, amplitude, strands):
    """One edge of the border: phase-shifted waves, every other one lower."""
    period = length / count
    out = []
    for k in range(strands):
        phase = math.pi * k / strands
        high = amplitude * (1 if k % 2 == 0 else .62)
        at = lambda x: (x, high * math.sin(math.pi * x / period + phase) )
        out.append(curve(at, 0, length, count * 2))
    return out

def border(a):
    o, i = 25.0, 46.0           # outer and inner edge of the band
    mid = (o + i) / 2
    a.add('<g id="border">')
    a.add(f'<rect class="frame strong" x="{f(o-3)}" y="{f(o-3)}" width="{f(W-2*(o-3))}" height="{f(H-2*(o-3))}"/>')
    a.add(f'<rect class="frame" x="{f(o)}" y="{f(o)}" width="{f(W-2*o)}" height="{f(H-2*o)}"/>')
    a.add(f'<rect class="frame" x="{f(i)}" y="{f(i)}" width="{f(W-2*i)}" height="{f(H-2*i)}"/>')
    a.add(f'<rect class="frame strong" x="{f(i+3)}" y="{f(i+3)}" width="{f(W-2*(i+3))}" height="{f(H-2*(i+3))}"/>')
    amp = (i - o) / 2 - 1.6
    a.add('<defs>')
    for name, length, count in (("across", W - 2 * i, 22), ("down", H - 2 * i, 34)):
        a.add(f'<g id="{name}">')
        for k, d in enumerate(weave_edge(length, count, amp, 6)):
            a.add(f'<path class="weave{" second" if k % 2 else ""}" d="{d}"/>')
        a.add('</g>')
    a.add('<g id="corner">')
    a.add(f'<path class="weave" d="{rosette(amp, 24, .45, 5)}"/>')
    a.add(f'<path class="weave second" d="{rosette(amp*.72, 16, .6, 3)}"/>')
    a.add(f'<circle class="dot" r="1.5"/>')
    a.add('</g></defs>')
    use = lambda n, x, y, r=0: a.add(f'<use xlink:href="#{n}" transform="translate({f(x)} {f(y)})' + (f' rotate({r})"/>' if r else '"/>'))
    use("across", i, mid); use("across", i, H - mid)
    use("down", mid, i, 90); use("down", W - mid, i, 90)
    for x in (mid, W - mid):
        for y in (mid, H - mid):
            use("corner", x, y)
    a.add('</g>')

def ground(a):
    """The pale rosette behind the text."""
    a.add(f'<g id="ground" transform="translate({f(W/2)} 452)">')
    for r, p, d, t in ((178, 36, .30, 5), (150, 30, .42, 7), (118, 24, .5, 5), (84, 18, .62, 5)):
        a.add(f'<path class="ground" d="{rosette(r, p, d, t)}"/>')
    a.add('</g>')

def divider(a, y):
    a.add(f'<g id="divider" transform="translate({f(W/2)} {f(y)})">')
    a.add(f'<path class="weave" d="{rosette(7, 14, .5, 3)}"/><path class="weave second" d="{rosette(4.6, 10, .6, 3)}"/>')
    for s in (-1, 1):
        a.add(f'<path class="taper" d="M{s*11} 0C{s*30} -1.6 {s*44} -.5 {s*64} 0C{s*44} .5 {s*30} 1.6 {s*11} 0Z"/>')
    a.add('</g>')

L, R = 64.0, W - 64.0
V = 172.0           # where values begin

def section(a, y, native, latin):
    a.add(f'<g transform="translate({f(L+4)} {f(y-3.4)})"><path class="weave second" d="{rosette(4.2, 10, .5, 3)}"/></g>')
    a.text("section native", L + 13, y, native)
    a.add(f'<path class="rule strong" d="M{f(V)} {f(y-3.2)}H{f(R)}"/>')
    w = len(latin) * 5.6 + 10
    a.add(f'<rect class="paper" x="{f(V-4)}" y="{f(y-9)}" width="{f(w)}" height="12"/>')
    a.text("section latin", V, y - .8, latin)

def build(c):
    a = Art(c)
    T = c["text"]
    ground(a)
    border(a)
    # head
    a.text("state", W / 2, c["head"][0], T["state"][0], "middle")
    a.text("state latin", W / 2, c["head"][1], T["state"][1], "middle")
    if "motto" in T:
        a.text("motto", W / 2, c["head"][2], T["motto"][0], "middle")
        a.text("motto latin", W / 2, c["head"][3], T["motto"][1], "middle")
    divider(a, 146)
    # issuing authority, left; document serial, right
    a.text("small native", L, 84, T["ministry"][0]); a.text("small latin", L, 93.5, T["ministry"][1])
    a.label(L, 113, *T["office"])
    a.box("office.native", L, 129, 140, 10, "small.native", lines=1, value="issued.office.native")
    a.box("office.latin", L, 140, 140, 9, "small.latin", lines=1, value="issued.office.latin")
    a.text("small native", R, 84, T["serial"][0], "end"); a.text("small latin", R, 93.5, T["serial"][1], "end")
    a.box("serial", R - 140, 107, 140, 10, "serial", align="right", lines=1)
    a.boxes["serial"]["valign"] = "baseline"
    # copy mark
    a.box("copy.ground", 110, 560, W - 220, 120, "copy.ground", value="copy.mark", align="center", valign="middle", rotate=-32, on_copy=True, optional=True)
    a.box("copy.stamp.native", R - 112, 132, 112, 20, "copy.native", value="copy.native", align="center", valign="middle", on_copy=True, framed=True)
    a.box("copy.stamp.latin", R - 112, 146, 112, 12, "copy.latin", value="copy.latin", align="center", valign="middle", on_copy=True)
    # title
    a.text("title", W / 2, c["title_y"][0], T["title"][0], "middle")
    a.text("title latin", W / 2, c["title_y"][1], T["title"][1], "middle", ' dx="1.6"')
    a.box("law.native", L, 225, R - L, 9, "law.native", align="center", lines=1)
    a.box("law.latin", L, 234.5, R - L, 8, "law.latin", align="center", lines=1)
    # entry strip
    y0, y1 = 243, 283
    a.add(f'<rect class="strip" x="{f(L)}" y="{y0}" width="{f(R-L)}" height="{y1-y0}"/>')
    cells = [("office_code", 122, .5), ("register", 128, c["register_split"]), ("book", 60, .5), ("year", 78, .5), ("serial", 0, .5)]
    x = L
    for n, (name, w, split) in enumerate(cells):
        w = w or R - x
        if n:
            a.add(f'<path class="rule" d="M{f(x)} {y0+4}V{y1-4}"/>')
        a.text("label native", x + w / 2, y0 + 10.5, T["entry"][name][0], "middle")
        a.text("label latin", x + w / 2, y0 + 18, T["entry"][name][1], "middle")
        a.box(f"entry.{name}.native", x + 3, y0 + 33.5, w * split - 6, 13, "entry.native", align="right", lines=1)
        a.add(f'<path class="rule" d="M{f(x+w*split)} {y0+24}V{y0+35.5}"/>')
        a.box(f"entry.{name}.latin", x + w * split + 3, y0 + 33.5, w * (1 - split) - 6, 12, "entry.latin", align="left", lines=1)
        x += w
    # the child
    y = 304
    section(a, y, *T["child"])
    y = 327
    a.label(L, y, *T["name"]); a.box("child.name.native", V, y, R - V, 21, "name.native", lines=2, absent=T["unnamed"]); a.rule(V, R, y + 5.5)
    y = 348
    a.label(L, y, *T["name_latin"]); a.box("child.name.latin", V, y, R - V, 14, "name.latin", lines=2, absent="—"); a.rule(V, R, y + 4.5)
    y = 369
    half = (V + R) / 2 + 18
    a.label(L, y, *T["sex"]); a.box("child.sex.native", V, y, 70, 12, "value.native", lines=1); a.box("child.sex.latin", V + 74, y, half - V - 84, 12, "value.latin", lines=1); a.rule(V, half - 8, y + 4.5)
    a.label(half, y, *T["number"]); a.box("person.number", half + 82, y, R - half - 82, 12, "number", lines=1, align="right", absent="—"); a.rule(half + 82, R, y + 4.5)
    y = 390
    a.label(L, y, *T["birth_date"]); a.box("child.birth.date.native", V, y, 166, 13, "value.native", lines=1)
    a.box("child.birth.time.native", V + 170, y, 50, 12, "fact.native", lines=1); a.box("child.birth.time.latin", V + 222, y, 34, 10, "fact.latin", lines=1)
    a.box("child.birth.date.latin", V + 258, y, R - V - 258, 12, "value.latin", lines=1, align="right"); a.rule(V, R, y + 4.5)
    y = 410
    a.label(L, y, *T["in_words"]); a.box("child.birth.date.words.native", V, y, R - V, 16, "words.native", lines=2)
    a.box("child.birth.date.words.latin", V, y + 12.5, R - V, 9, "words.latin", lines=1); a.rule(V, R, y + 17)
    y = 444
    a.label(L, y, *T["birth_place"]); a.box("child.birth.place.native", V, y, R - V, 16, "words.native", lines=2)
    a.box("child.birth.place.latin", V, y + 12.5, R - V, 9, "words.latin", lines=1)
    a.box("child.birth.place_detail", V, y + 22.5, R - V, 10, "detail.native", lines=1); a.rule(V, R, y + 26)
    # parents
    y = 486
    section(a, y, *T["parents"])
    col = [(V, (V + R) / 2 - 6), ((V + R) / 2 + 6, R)]
    for who, (x1, x2) in zip(("father", "mother"), col):
        a.text("column native", x1, y + 15, T[who][0]); a.text("column latin", x2, y + 15, T[who][1], "end")
    y = 519
    a.label(L, y, *T["name"]); 
    for who, (x1, x2) in zip(("father", "mother"), col):
        a.box(f"{who}.name.native", x1, y, x2 - x1, 15, "value.native", lines=2, absent="—"); a.rule(x1, x2, y + 5)
    y = 538
    a.label(L, y, *T["name_latin"])
    for who, (x1, x2) in zip(("father", "mother"), col):
        a.box(f"{who}.name.latin", x1, y, x2 - x1, 12.5, "value.latin", lines=2, absent="—"); a.rule(x1, x2, y + 4.5)
    y = 557
    a.label(L, y, *T["birth_date"])
    for who, (x1, x2) in zip(("father", "mother"), col):
        a.box(f"{who}.birth_date.native", x1, y, (x2 - x1) * .56, 12, "fact.native", lines=1, absent="—")
        a.box(f"{who}.birth_date.latin", x1 + (x2 - x1) * .58, y, (x2 - x1) * .42, 10, "fact.latin", lines=1, align="right"); a.rule(x1, x2, y + 4.5)
    y = 576
    a.label(L, y, *T["nationality"])
    for who, (x1, x2) in zip(("father", "mother"), col):
        a.box(f"{who}.nationality", x1, y, x2 - x1, 12, "fact.native", lines=1, absent="—", optional=True); a.rule(x1, x2, y + 4.5)
    # registration and issue
    y = 598
    section(a, y, *T["registration"])
    for y, key in ((618, "registered"), (645, "issued")):
        a.label(L, y, *T[key])
        a.box(f"{key}.date.native", V, y, 150, 12, "fact.native", lines=1)
        a.box(f"{key}.date.latin", V, y + 10.5, 150, 8, "fact.latin", lines=1)
        a.box(f"{key}.office.native", V + 156, y, R - V - 156, 12, "fact.native", lines=1, align="right")
        a.box(f"{key}.office.latin", V + 156, y + 10.5, R - V - 156, 8, "fact.latin", lines=1, align="right")
        a.rule(V, R, y + 14.5)
    # foot: QR, marginal notes, signature and seal
    top, bottom = 667, 769
    q = 99.0
    a.add(f'<rect class="frame" x="{f(L)}" y="{top}" width="{f(q+3)}" height="{f(q+3)}"/>')
    a.add(f'<rect id="box.qr" class="box" x="{f(L+1.5)}" y="{f(top+1.5)}" width="{f(q)}" height="{f(q)}"/>')
    nx, nw = L + q + 12, 142
    a.add(f'<rect class="panel" x="{f(nx)}" y="{top}" width="{nw}" height="{bottom-top}"/>')
    a.text("label native", nx + 6, top + 11, T["notes"][0]); a.text("label latin", nx + nw - 6, top + 10.5, T["notes"][1], "end")
    for k in range(5):
        a.rule(nx + 6, nx + nw - 6, top + 28 + k * 15)
    a.box("notes.native", nx + 6, bottom - 6, nw - 12, 82, "notes.native", valign="top", optional=True)
    sx = nx + nw + 12
    a.text("label native", (sx + R) / 2, top + 8, T["registrar"][0], "middle"); a.text("label latin", (sx + R) / 2, top + 15.5, T["registrar"][1], "middle")
    a.add(f'<g transform="translate({f(sx+44)} {f(top+56)})"><circle class="seal" r="36"/><circle class="seal" r="33.5"/></g>')
    a.text("hint native", sx + 44, top + 55, T["seal"][0], "middle"); a.text("hint latin", sx + 44, top + 63, T["seal"][1], "middle")
    a.add(f'<path class="sign" d="M{f(sx+86)} {f(top+66)}H{f(R)}"/>')
    a.text("hint native", (sx + 86 + R) / 2, top + 74, T["signature"][0], "middle"); a.text("hint latin", (sx + 86 + R) / 2, top + 80.5, T["signature"][1], "middle")
    a.box("registrar.name", sx, top + 100.5 - 9, 0 + R - sx, 0 + 11, "registrar.native", align="right", lines=1, valign="baseline")
    a.box("registrar.office", sx, top + 102.5, R - sx, 9, "registrar.latin", value="registered.office.latin", align="right", lines=1)
    # footer
    a.text("note native", W / 2, 778.5, T["statement"][0], "middle"); a.text("note latin", W / 2, 788.4, T["statement"][1], "middle")
    return a

def css(c):
    k = c["color"]; n = c["font"]
    return f"""
    .box {{ fill: none; stroke: none }}
    .frame {{ fill: none; stroke: {k['line']}; stroke-width: .4 }}
    .frame.strong {{ stroke: {k['ink']}; stroke-width: .9 }}
    .weave {{ fill: none; stroke: {k['line']}; stroke-width: .35 }}
    .second {{ stroke: {k['gold']} }}
    .dot, .taper {{ fill: {k['gold']} }}
    .ground {{ fill: none; stroke: {k['ground']}; stroke-width: .45 }}
    .paper {{ fill: #ffffff }}
    .rule {{ fill: none; stroke: {k['rule']}; stroke-width: .4 }}
    .rule.strong {{ stroke: {k['gold']}; stroke-width: .6 }}
    .strip {{ fill: {k['tint']}; stroke: {k['line']}; stroke-width: .5 }}
    .panel {{ fill: none; stroke: {k['line']}; stroke-width: .5 }}
    .seal {{ fill: none; stroke: {k['rule']}; stroke-width: .5; stroke-dasharray: 1.6 1.6 }}
    .sign {{ fill: none; stroke: {k['ink']}; stroke-width: .5 }}
    text {{ font-family: '{n['body']}'; fill: {k['ink']} }}
    .latin {{ font-family: 'Noto Serif' }}
    .state {{ font-family: '{n['title']}'; font-size: {n['state']}px; {n['title_css']} }}
    .state.latin {{ font-family: 'Noto Serif'; font-weight: normal; font-size: 8.6px; letter-spacing: 1.6px }}
    .motto {{ font-family: '{n['title']}'; font-size: 10.5px; {n['title_css']} }}
    .motto.latin {{ font-family: 'Noto Serif'; font-weight: normal; font-size: 6.2px; letter-spacing: 1px; fill: {k['soft']} }}
    .title {{ font-family: '{n['title']}'; font-size: {n['title_size']}px; fill: {k['accent']}; {n['title_css']} }}
    .title.latin {{ font-family: 'Noto Serif'; font-weight: normal; font-size: 13.5px; letter-spacing: 3.2px; fill: {k['ink']} }}
    .section.native {{ font-family: '{n['title']}'; font-size: 8.8px; fill: {k['accent']}; {n['title_css']} }}
    .section.latin {{ font-size: 7.2px; letter-spacing: 1.4px; fill: {k['accent']} }}
    .column.native {{ font-size: 8.4px; {n['strong']} }}
    .column.latin {{ font-size: 6.6px; letter-spacing: .6px; fill: {k['soft']} }}
    .label.native {{ font-size: {n['label']}px; fill: {k['soft']} }}
    .label.latin {{ font-family: 'Noto Sans'; font-size: 5.6px; fill: {k['soft']} }}
    .small.native {{ font-size: 8px; {n['strong']} }}
    .small.latin {{ font-size: 6.8px; fill: {k['soft']} }}
    .hint.native {{ font-size: 6.4px; fill: {k['soft']} }}
    .hint.latin {{ font-family: 'Noto Sans'; font-size: 5.2px; fill: {k['soft']} }}
    .note.native {{ font-size: {n['label']}px; fill: {k['accent']} }}
    .note.latin {{ font-size: 6.4px; font-style: italic; fill: {k['accent']} }}
  """

def styles(c):
    k, n = c["color"], c["font"]
    lang = c["language"]
    nat = lambda size, mn, font=None, color="ink", **kw: dict(font=font or n["body"], language=lang, size=size, min=mn, color=k[color], **kw)
    lat = lambda size, mn, font="Noto Serif", color="ink", **kw: dict(font=font, language="en", size=size, min=mn, color=k[color], **kw)
    tb = {"bold": True} if n["title_css"] else {}
    return {
        "small.native": nat(7.6, 5), "small.latin": lat(6.6, 4.5, color="soft"),
        "serial": lat(8.6, 6, "Noto Sans", bold=True, spacing=.4),
        "law.native": nat(7.2, 5, color="soft"), "law.latin": lat(6.4, 4.5, color="soft", italic=True),
        "entry.native": nat(10, 4.5), "entry.latin": lat(9.4, 5, "Noto Sans", bold=True),
        "name.native": nat(n["name"], 6, n["title"], line=n["tight"], **tb), "name.latin": lat(13, 6, spacing=.6, line=.85),
        "value.native": nat(10, 5, line=n["tight"]), "value.latin": lat(10, 5, line=.85),
        "number": lat(11, 8, "Noto Sans", bold=True, spacing=1),
        "words.native": nat(9, 5, line=n["tight"]), "words.latin": lat(7.8, 5, color="soft"),
        "fact.native": nat(8.6, 5), "fact.latin": lat(7.2, 4.5, color="soft"),
        "detail.native": nat(7.4, 4.5, color="soft"),
        "notes.native": nat(7, 5), 
        "registrar.native": nat(8.6, 5.5), "registrar.latin": lat(6.8, 4.5, color="soft"),
        "copy.ground": lat(64, 30, color="ground", bold=True, spacing=6),
        "copy.native": nat(9.5, 6, n["title"], color="accent", **tb), "copy.latin": lat(7, 5, color="accent", spacing=.5),
    }

KHM = dict(
    language="km", places=dict(native=dict(separator=" ", order="small_first"), latin=dict(separator=", ", order="small_first")),
    texts={"copy.mark": "COPY", "copy.native": "ច្បាប់ចម្លងទី {copy.native}", "copy.latin": "COPY No. {copy}"},
    color=dict(ink="#14274e", soft="#5a6b88", accent="#7d1f2d", line="#6f88b3", gold="#b5924c", rule="#b9c3d6", ground="#eceff6", tint="#f5f7fb"),
    font=dict(body="Khmer OS", title="Khmer OS Muol Light", title_css="", strong="", state=14.5, title_size=23, name=13, label=6.6, tight=.84),
    head=(77, 92, 112, 124), title_y=(182, 205), register_split=.7,
    text=dict(
        state=("ព្រះរាជាណាចក្រកម្ពុជា", "KINGDOM OF CAMBODIA"), motto=("ជាតិ សាសនា ព្រះមហាក្សត្រ", "NATION · RELIGION · KING"),
        ministry=("ក្រសួងមហាផ្ទៃ", "Ministry of Interior"), office=("ការិយាល័យអត្រានុកូលដ្ឋាន", "Civil registration office"),
        serial=("លេខឯកសារ", "Document number"),
        title=("សំបុត្រកំណើត", "BIRTH CERTIFICATE"),
        entry=dict(office_code=("លេខកូដការិយាល័យ", "Office code"), register=("បញ្ជី", "Register"), book=("សៀវភៅ", "Book"), year=("ឆ្នាំ", "Year"), serial=("លេខរៀង", "Entry number")),
        unnamed="មិនទាន់ដាក់ឈ្មោះ · Not yet named",
        child=("ទារក", "THE CHILD"), name=("គោត្តនាម និងនាម", "Name"), name_latin=("ជាអក្សរឡាតាំង", "In Latin letters"),
        sex=("ភេទ", "Sex"), number=("លេខអត្តសញ្ញាណកម្ម", "Personal number"), birth_date=("ថ្ងៃខែឆ្នាំកំណើត", "Date of birth"),
        in_words=("ជាអក្សរ", "In words"), birth_place=("ទីកន្លែងកំណើត", "Place of birth"),
        parents=("ឪពុកម្តាយ", "THE PARENTS"), father=("ឪពុក", "Father"), mother=("ម្តាយ", "Mother"),
        nationality=("សញ្ជាតិតាមការប្រកាស", "Nationality as declared"),
        registration=("ការចុះបញ្ជី", "REGISTRATION AND ISSUE"), registered=("ថ្ងៃ និងកន្លែងចុះបញ្ជី", "Registered on, at"), issued=("ថ្ងៃ និងកន្លែងចេញសំបុត្រ", "Issued on, at"),
        notes=("កំណត់សម្គាល់", "Marginal notes"), registrar=("មន្ត្រីអត្រានុកូលដ្ឋាន", "Civil registrar"), seal=("ត្រា", "Seal"), signature=("ហត្ថលេខា", "Signature"),
        statement=("សំបុត្រនេះបញ្ជាក់អំពីកំណើត ហើយមិនមែនជាភស្តុតាងនៃសញ្ជាតិឡើយ។", "This certificate records a birth. It is not proof of nationality."),
    ))
MMR = dict(
    language="my", places=dict(native=dict(separator="၊ ", order="large_first"), latin=dict(separator=", ", order="small_first")),
    texts={"copy.mark": "COPY", "copy.native": "မိတ္တူ အမှတ် {copy.native}", "copy.latin": "COPY No. {copy}"},
    color=dict(ink="#123a33", soft="#54706a", accent="#7a4a12", line="#6ea093", gold="#c09a4a", rule="#b8cdc7", ground="#eaf2ef", tint="#f4f9f7"),
    font=dict(body="Padauk", title="Padauk", title_css="font-weight: bold", strong="font-weight: bold", state=15, title_size=24, name=14, label=7, tight=.9),
    head=(84, 101), title_y=(181, 205), register_split=.82,
    text=dict(
        state=("ပြည်ထောင်စုသမ္မတမြန်မာနိုင်ငံတော်", "REPUBLIC OF THE UNION OF MYANMAR"),
        ministry=("မွေး၊ သေ မှတ်ပုံတင်ခြင်း", "Vital registration"), office=("မှတ်ပုံတင်ရုံး", "Registration office"),
        serial=("စာတမ်းအမှတ်", "Document number"),
        title=("မွေးဖွားမှုလက်မှတ်", "BIRTH CERTIFICATE"),
        entry=dict(office_code=("ရုံးကုဒ်", "Office code"), register=("မှတ်ပုံတင်စာရင်း", "Register"), book=("စာအုပ်", "Book"), year=("ခုနှစ်", "Year"), serial=("အမှတ်စဉ်", "Entry number")),
        unnamed="အမည်မပေးရသေး · Not yet named",
        child=("ကလေး", "THE CHILD"), name=("အမည်", "Name"), name_latin=("လက်တင်အက္ခရာဖြင့်", "In Latin letters"),
        sex=("လိင်", "Sex"), number=("ကိုယ်ပိုင်အမှတ်", "Personal number"), birth_date=("မွေးသက္ကရာဇ်", "Date of birth"),
        in_words=("စာဖြင့်", "In words"), birth_place=("မွေးဖွားရာအရပ်", "Place of birth"),
        parents=("မိဘများ", "THE PARENTS"), father=("အဖ", "Father"), mother=("အမိ", "Mother"),
        nationality=("ကြေညာသည့်နိုင်ငံသား", "Nationality as declared"),
        registration=("မှတ်ပုံတင်ခြင်း", "REGISTRATION AND ISSUE"), registered=("မှတ်ပုံတင်သည့်နေ့နှင့်ရုံး", "Registered on, at"), issued=("ထုတ်ပေးသည့်နေ့နှင့်ရုံး", "Issued on, at"),
        notes=("ဘေးမှတ်ချက်များ", "Marginal notes"), registrar=("မှတ်ပုံတင်အရာရှိ", "Registrar"), seal=("တံဆိပ်", "Seal"), signature=("လက်မှတ်", "Signature"),
        statement=("ဤလက်မှတ်သည် မွေးဖွားမှုကို မှတ်တမ်းတင်ခြင်းသာဖြစ်ပြီး နိုင်ငံသားဖြစ်ကြောင်း အထောက်အထားမဟုတ်ပါ။", "This certificate records a birth. It is not proof of nationality."),
    ))

def write(c, where):
    a = build(c)
    os.makedirs(where, exist_ok=True)
    with open(os.path.join(where, "birth.svg"), "w") as o:
        o.write(f'''<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MPL-2.0 -->
<!-- One unit is one point; the page is A4. Elements "box.NAME" are filled by birth.json. -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="210mm" height="297mm" viewBox="0 0 {W} {H}">
<style>{css(c)}</style>
''')
        o.write("\n".join(a.out) + "\n</svg>\n")
    with open(os.path.join(where, "birth.json"), "w") as o:
        o.write('{\n\t"format": "civis-certificate/1",\n\t"artwork": "birth.svg",\n\t"styles": {\n')
        one = lambda d: ",\n".join(f'\t\t{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}' for k, v in d.items())
        o.write(one(styles(c)) + '\n\t},\n\t"boxes": {\n' + one(a.boxes) + '\n\t},\n\t"texts": {\n' + one(c["texts"]) + '\n\t},\n\t"places": {\n' + one(c["places"]) + '\n\t}\n}\n')
write(KHM, sys.argv[1] + "/khm/certificate")
write(MMR, sys.argv[1] + "/mmr/certificate")
