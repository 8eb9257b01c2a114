import type { withBoundary } from '../../shared/runtime/boundary.ts';
import type { Fakes, Flows } from '../support/world.ts';
import type { Instance } from './gate.ts';

/** A deliberately broken variant of what the functions are made of. */
export interface Variant {
  /** Other services, for all functions. */
  services?: (fakes: Fakes) => Partial<Fakes>;
  /** Other ports, made from those of an instance. */
  ports?: (ports: Fakes, instance: Instance) => Partial<Fakes>;
  flows?: (flows: Flows, ports: Fakes) => Partial<Flows>;
  boundary?: typeof withBoundary;
}
