// Cuts the region out of the world: `node scripts/region-map.mjs countries-50m.json`, with that file of the npm package
// world-atlas 2.0.2 (Natural Earth 1:50m, public domain). Writes src/features/campaigns/region.topo.json: the eleven countries by
// their codes, and faint neighbours without a name. Borders are kept as arcs that neighbours share, with fewer points.
import { readFileSync, writeFileSync } from 'node:fs';

// Kosovo has no number there.
const COUNTRIES = {
  '008': 'AL', '070': 'BA', 100: 'BG', 191: 'HR', 300: 'GR', 498: 'MD', 499: 'ME', 807: 'MK', 642: 'RO', 688: 'RS', Kosovo: 'XK',
};
const NEIGHBOURS = new Set(['040', '112', '203', '348', '380', '616', '703', '705', '792', '804']);
/** What is shown, in degrees: west, south, east, north. */
const VIEW = [12.5, 34, 31.5, 49.5];
/** A point this near to the line between its neighbours isn't missed, in degrees; and the grid that points are put on. */
const TOLERANCE = 0.025;
const GRID = 0.01;
/** Islands smaller than this are left out, in square degrees. */
const ISLAND = 0.012;

const world = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { scale, translate } = world.transform;
const absolute = world.arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
});

const away = ([px, py], [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const at = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - at * dx, py - ay - at * dy);
};

/** Douglas and Peucker; where arcs meet they stay. */
function thinned(points) {
  const [first, last] = [points[0], points.at(-1)];
  let [far, most] = [0, TOLERANCE];
  for (let at = 1; at < points.length - 1; at += 1) {
    const distance = away(points[at], first, last);
    if (distance > most) [far, most] = [at, distance];
  }
  if (!far) return first[0] === last[0] && first[1] === last[1] && points.length > 3 ? [first, points[points.length >> 1], points[(points.length >> 1) + 1], last] : [first, last];
  return [...thinned(points.slice(0, far + 1)).slice(0, -1), ...thinned(points.slice(far))];
}

const ringPoints = (ring) => ring.flatMap((arc) => (arc < 0 ? absolute[~arc].toReversed() : absolute[arc]));
const area = (points) => Math.abs(points.reduce((sum, [x, y], at) => sum + x * points[(at + 1) % points.length][1] - points[(at + 1) % points.length][0] * y, 0)) / 2;
const inView = (points) => points.some(([x, y]) => x > VIEW[0] && x < VIEW[2] && y > VIEW[1] && y < VIEW[3]);

const kept = new Map();
const keep = (arc) => {
  const index = arc < 0 ? ~arc : arc;
  if (!kept.has(index)) kept.set(index, kept.size);
  return arc < 0 ? ~kept.get(index) : kept.get(index);
};
function cut(geometry, own) {
  const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
  const shown = polygons.filter(([outer]) => {
    const points = ringPoints(outer);
    return inView(points) && area(points) > ISLAND;
  });
  return { type: 'MultiPolygon', ...(own && { id: own }), arcs: shown.map((rings) => rings.map((ring) => ring.map(keep))) };
}

const { geometries } = world.objects.countries;
const code = (geometry) => COUNTRIES[geometry.id] ?? COUNTRIES[geometry.properties.name];
const countries = geometries.filter(code).map((geometry) => cut(geometry, code(geometry)));
const around = geometries
  .filter((geometry) => !code(geometry) && NEIGHBOURS.has(geometry.id))
  .map((geometry) => cut(geometry))
  .filter((geometry) => geometry.arcs.length);
const arcs = [...kept.keys()].map((index) => {
  let [x, y] = [0, 0];
  return thinned(absolute[index])
    .map(([lon, lat]) => [Math.round((lon - VIEW[0]) / GRID), Math.round((lat - VIEW[1]) / GRID)])
    .map(([gx, gy]) => {
      const step = [gx - x, gy - y];
      [x, y] = [gx, gy];
      return step;
    })
    .filter(([dx, dy], at) => at === 0 || dx || dy);
});
const topology = {
  type: 'Topology',
  transform: { scale: [GRID, GRID], translate: [VIEW[0], VIEW[1]] },
  objects: {
    countries: { type: 'GeometryCollection', geometries: countries.toSorted((one, other) => one.id.localeCompare(other.id)) },
    around: { type: 'GeometryCollection', geometries: around },
  },
  arcs,
};
const text = `${JSON.stringify(topology)}\n`;
writeFileSync(new URL('../src/features/campaigns/region.topo.json', import.meta.url), text);
console.log(`${countries.length} countries, ${around.length} neighbours, ${arcs.length} arcs, ${text.length} bytes`);
