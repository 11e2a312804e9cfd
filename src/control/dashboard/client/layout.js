// @ts-check
/** Where everything on the floor stands: a picture as wide as there is room, from left to right or, on a narrow screen, downwards. */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} wide
 * @property {boolean} dense many workshops: a line of text for each
 * @property {Box} procurement
 * @property {Box[]} tracks the lines' belts
 * @property {Box[]} workshops
 * @property {Box} warehouse
 * @property {Box[]} shelves one for each product type
 * @property {Box[]} sinks one for each product type
 * @property {string[]} feeds from procurement to each belt
 * @property {string[]} conveyors from each workshop to the warehouse
 * @property {string[]} deliveries from each shelf to its sink
 */

/** From this width on the floor is drawn from left to right. */
const WIDE = 880;
/** More workshops than this are drawn densely. */
const ROOMY_WORKSHOPS = 8;
const SHELF = 46;
/** With many workshops, procurement and warehouse stand no further down than this. */
const IN_SIGHT = 300;

/**
 * @param {number} width
 * @param {{ workshops: number, products: number }} amounts
 * @returns {Layout}
 */
export function layOut(width, amounts) {
  return width >= WIDE ? acrossThePage(width, amounts) : downThePage(width, amounts);
}

/**
 * @param {number} width
 * @param {{ workshops: number, products: number }} amounts
 * @returns {Layout}
 */
function acrossThePage(width, { workshops: count, products }) {
  const dense = count > ROOMY_WORKSHOPS;
  const row = dense ? 36 : 92;
  const card = dense ? 28 : 74;
  const stock = 98 + products * (SHELF + 8);
  const height = Math.max(count * row, stock, 190) + 28;
  const middle = Math.min(height / 2, Math.max(IN_SIGHT, stock / 2 + 14)); // of what all workshops share
  /** @param {number} share */
  const at = (share) => Math.round(width * share);
  const first = (height - count * row) / 2 + (row - card) / 2;
  const procurement = { x: 1, y: middle - 82, width: at(0.155), height: 164 };
  const tracks = range(count, (i) => ({
    x: at(0.205),
    y: first + i * row + card / 2 - 9,
    width: at(0.415) - at(0.205),
    height: 18,
  }));
  const cards = range(count, (i) => ({ x: at(0.415), y: first + i * row, width: at(0.225), height: card }));
  const warehouse = { x: at(0.7), y: middle - stock / 2, width: at(0.3) - 1, height: stock };
  const shelves = range(products, (i) => ({
    x: warehouse.x + 14,
    y: warehouse.y + 92 + i * (SHELF + 8),
    width: Math.round(warehouse.width * 0.47) - 14,
    height: SHELF,
  }));
  const sinks = shelves.map(({ y }) => ({
    x: warehouse.x + Math.round(warehouse.width * 0.56),
    y,
    width: Math.round(warehouse.width * 0.44) - 14,
    height: SHELF,
  }));
  const from = procurement.x + procurement.width;
  return {
    width,
    height,
    wide: true,
    dense,
    procurement,
    tracks,
    workshops: cards,
    warehouse,
    shelves,
    sinks,
    feeds: tracks.map((track) => curve([from, nearer(middle, track.y + 9, 60)], [track.x, track.y + 9])),
    conveyors: cards.map(({ x, y, width, height }) =>
      curve([x + width, y + height / 2], [warehouse.x, nearer(middle, y + height / 2, stock / 2 - 16)])
    ),
    deliveries: shelves.map((shelf, i) =>
      curve([shelf.x + shelf.width, shelf.y + SHELF / 2], [sinks[i].x, shelf.y + SHELF / 2])
    ),
  };
}

/**
 * @param {number} width
 * @param {{ workshops: number, products: number }} amounts
 * @returns {Layout}
 */
function downThePage(width, { workshops: count, products }) {
  const dense = count > ROOMY_WORKSHOPS;
  const row = dense ? 36 : 104;
  const card = dense ? 28 : 88;
  const left = 18;
  const right = width - 18;
  const procurement = { x: 1, y: 14, width: width - 2, height: 96 };
  const top = 136;
  const middle = Math.round(width * 0.36);
  const tracks = range(count, (i) => ({
    x: left + 18,
    y: top + i * row + card / 2 - 9,
    width: middle - left - 18,
    height: 18,
  }));
  const cards = range(
    count,
    (i) => ({ x: middle, y: top + i * row, width: right - middle - 14, height: card }),
  );
  const bottom = top + count * row + 12;
  const warehouse = { x: 1, y: bottom, width: width - 2, height: 98 + products * (SHELF + 8) };
  const shelves = range(products, (i) => ({
    x: 13,
    y: bottom + 92 + i * (SHELF + 8),
    width: Math.round(width * 0.44),
    height: SHELF,
  }));
  const sinks = shelves.map((shelf) => {
    const x = shelf.x + shelf.width + 22;
    return { x, y: shelf.y, width: width - 13 - x, height: SHELF };
  });
  return {
    width,
    height: bottom + warehouse.height + 6,
    wide: false,
    dense,
    procurement,
    tracks,
    workshops: cards,
    warehouse,
    shelves,
    sinks,
    feeds: tracks.map(({ x, y }) => elbow([left, 110], [x, y + 9])),
    conveyors: cards.map((box) =>
      elbow([right, bottom], [box.x + box.width, box.y + box.height / 2], { backwards: true })
    ),
    deliveries: shelves.map((shelf, i) =>
      curve([shelf.x + shelf.width, shelf.y + SHELF / 2], [sinks[i].x, shelf.y + SHELF / 2])
    ),
  };
}

/**
 * @template T
 * @param {number} count
 * @param {(i: number) => T} make
 */
function range(count, make) {
  return Array.from({ length: count }, (_, i) => make(i));
}

/**
 * @param {number} center
 * @param {number} wanted
 * @param {number} reach how far from the center it may be
 */
function nearer(center, wanted, reach) {
  return Math.max(center - reach, Math.min(center + reach, wanted));
}

/**
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
function curve([x1, y1], [x2, y2]) {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

/**
 * Down (or up) a trunk, and round a corner.
 *
 * @param {[number, number]} trunk
 * @param {[number, number]} branch
 * @param {{ backwards?: boolean }} [options] goods come from the branch
 */
function elbow([x1, y1], [x2, y2], { backwards = false } = {}) {
  const radius = 8 * Math.sign(x2 - x1);
  const turn = 8 * Math.sign(y2 - y1);
  return backwards
    ? `M${x2} ${y2}H${x1 + radius}Q${x1} ${y2} ${x1} ${y2 - turn}V${y1}`
    : `M${x1} ${y1}V${y2 - turn}Q${x1} ${y2} ${x1 + radius} ${y2}H${x2}`;
}
