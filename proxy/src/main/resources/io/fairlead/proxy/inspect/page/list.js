// A list of any length in as many elements as fit on the screen: element i % n shows item i, so that scrolling makes no
// elements, and only what has come into sight is drawn anew. The box keeps the focus and names its active option.
class VirtualList {
  #box;
  #canvas;
  #newRow;
  #draw;
  #rows = [];
  #rowHeight = 0;
  #items = [];
  #active = -1;
  #frame = 0;

  // newRow() makes an element, draw(element, item) fills it; opened(item) and moved(item) are told.
  constructor(box, canvas, {newRow, draw, opened, moved}) {
    Object.assign(this, {opened, moved});
    this.#box = box;
    this.#canvas = canvas;
    this.#newRow = newRow;
    this.#draw = draw;
    box.addEventListener("scroll", () => this.#later(), {passive: true});
    box.addEventListener("keydown", event => this.#key(event));
    canvas.addEventListener("click", event => this.#click(event));
    new ResizeObserver(() => this.#resized()).observe(box);
  }

  get active() {
    return this.#items[this.#active];
  }

  // Shows these items; the active one stays so if it is still among them.
  show(items) {
    const before = this.active;
    this.#items = items;
    this.#active = before === undefined ? -1 : items.findIndex(item => item.key === before.key);
    this.#redrawAll();
  }

  activate(index, scroll = true) {
    if (this.#items.length === 0) return;
    this.#active = Math.min(Math.max(index, 0), this.#items.length - 1);
    if (scroll) this.#scrollTo(this.#active);
    this.#redrawAll();
  }

  // Marks the item with this key without a word to anybody.
  reveal(key) {
    const index = this.#items.findIndex(item => item.key === key);
    if (index < 0 || index === this.#active) return;
    this.#box.scrollTop = index * this.#height() - this.#box.clientHeight / 2;
    this.activate(index);
  }

  toTop() {
    this.#box.scrollTop = 0;
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#height()) - 1);
    const target = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#items.length - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.activate(target);
      if (this.active) this.moved(this.active);
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.opened(this.active);
    }
  }

  #click(event) {
    const row = this.#rows.find(each => each.contains(event.target));
    if (row === undefined) return;
    this.activate(row.index, false);
    this.opened(this.active);
  }

  #height() {
    if (this.#rowHeight === 0) {
      const probe = this.#newRow();
      this.#canvas.append(probe);
      this.#rowHeight = Math.max(1, probe.offsetHeight);
      probe.remove();
    }
    return this.#rowHeight;
  }

  #resized() {
    this.#rowHeight = 0;
    this.#redrawAll();
  }

  #scrollTo(index) {
    const height = this.#height();
    const top = index * height;
    if (top < this.#box.scrollTop) this.#box.scrollTop = top;
    else if (top + height > this.#box.scrollTop + this.#box.clientHeight) {
      this.#box.scrollTop = top + height - this.#box.clientHeight;
    }
  }

  #later() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#redraw();
    });
  }

  #redrawAll() {
    this.#rows.forEach(row => row.index = -1);
    this.#redraw();
  }

  #redraw() {
    const height = this.#height();
    if (this.#box.clientHeight === 0) return;
    this.#canvas.style.height = this.#items.length * height + "px";
    const fitting = Math.ceil(this.#box.clientHeight / height) + 8;
    this.#resize(Math.min(fitting, this.#items.length));
    const first = Math.max(0, Math.min(Math.floor(this.#box.scrollTop / height) - 3, this.#items.length - this.#rows.length));
    for (let index = first; index < first + this.#rows.length; index++) {
      const row = this.#rows[index % this.#rows.length];
      if (row.index !== index) this.#place(row, index, height);
    }
    const shown = this.#active >= first && this.#active < first + this.#rows.length;
    if (shown) this.#box.setAttribute("aria-activedescendant", "option-" + this.#active);
    else this.#box.removeAttribute("aria-activedescendant");
  }

  #resize(wanted) {
    if (wanted === this.#rows.length) return;
    while (this.#rows.length < wanted) {
      const row = this.#newRow();
      row.setAttribute("role", "option");
      this.#canvas.append(row);
      this.#rows.push(row);
    }
    this.#rows.splice(wanted).forEach(row => row.remove());
    this.#rows.forEach(row => row.index = -1);
  }

  #place(row, index, height) {
    row.index = index;
    row.id = "option-" + index;
    row.style.transform = "translateY(" + index * height + "px)";
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.#items.length);
    row.setAttribute("aria-selected", index === this.#active);
    this.#draw(row, this.#items[index]);
  }
}
