// @ts-check
/** Goods under way: dots along a path, the faster the more there are. */

/** @type {WeakMap<Element, Animation>} */
const animations = new WeakMap();
const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {SVGPathElement} path with dashes of 14 units
 * @param {number} perSecond
 */
export function setSpeed(path, perSecond) {
  path.classList.toggle("idle", perSecond < 0.5);
  if (still.matches || perSecond < 0.5) {
    animations.get(path)?.pause();
    return;
  }
  let animation = animations.get(path);
  if (animation === undefined) {
    animation = path.animate([{ strokeDashoffset: 14 }, { strokeDashoffset: 0 }], {
      duration: 1_000,
      iterations: Infinity,
    });
    animations.set(path, animation);
  }
  // Ten times the goods look a little faster: the eye takes no more.
  animation.playbackRate = 0.4 + Math.log10(1 + perSecond) * 0.45;
  if (animation.playState === "paused") animation.play();
}
