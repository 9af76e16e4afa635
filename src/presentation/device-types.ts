import { dataModelDocument, modelFile } from "../model/data-model-document.ts";
import { deviceExtensionDocument, deviceExtensions } from "../model/device-extension.ts";
import {
  type DeviceTypeDocument,
  rootDeviceType,
  serviceDeviceType,
} from "../model/device-type-document.ts";
import { type PresentedRoot, device2Root } from "./root-model.ts";
import type { TreeNode } from "./tree.ts";

/** One row of `Device.DeviceInfo.SupportedDataModel.{i}.`. */
export interface SupportedModel {
  readonly url: string;
  readonly uuid: string;
  readonly urn: string;
}

/** Adds what the ACS finds in a tree beside its own nodes. */
export type NodeCompletion = (nodes: readonly TreeNode[]) => readonly TreeNode[];

/** Documents kept; a fleet has about as many as printer models and firmwares. The least recently used goes first. */
const mostDocuments = 512;

const noNodes: readonly TreeNode[] = [];

/**
 * Keeps the device-type documents of every tree shown to an ACS, one per distinct content, and serves them below `/dt/`
 * together with the data model they import by relative name.
 */
export class DeviceTypes {
  readonly #urlBase: () => string;
  readonly #root: PresentedRoot;
  readonly #complete: NodeCompletion;
  readonly #documents = new Map<string, string>();
  /** By the two lists a device type is made of. */
  readonly #published = new WeakMap<
    readonly TreeNode[],
    WeakMap<readonly TreeNode[], readonly DeviceTypeDocument[]>
  >();
  readonly #services = new WeakMap<readonly TreeNode[], DeviceTypeDocument>();
  #dataModel: string | undefined;

  /**
   * @param urlBase where `/dt/` is reachable for the ACS, without slash at the end (`http://192.0.2.1:7547`)
   * @param complete what the ACS finds beside the nodes of a tree
   */
  constructor(
    urlBase: () => string,
    root: PresentedRoot = device2Root,
    complete: NodeCompletion = (nodes) => nodes,
  ) {
    this.#urlBase = urlBase;
    this.#root = root;
    this.#complete = complete;
  }

  /**
   * The models a tree supports: the root first, then the service object if it has one.
   *
   * @param nodes a cached node list; the documents are made once per list
   * @param more nodes of the same device that are not in `nodes`, cached as well
   */
  supportedBy(
    nodes: readonly TreeNode[],
    more: readonly TreeNode[] = noNodes,
  ): readonly SupportedModel[] {
    const known =
      this.#published.get(nodes) ??
      new WeakMap<readonly TreeNode[], readonly DeviceTypeDocument[]>();
    this.#published.set(nodes, known);
    let documents = known.get(more);
    if (documents === undefined) {
      const all = this.#complete(this.#root.presentNodes([...nodes, ...more]));
      const service = serviceDeviceType(all);
      documents = [
        rootDeviceType(all, this.#root.model),
        ...(service === undefined ? [] : [service]),
      ];
      known.set(more, documents);
    }
    return documents.map((document) => this.#publish(document));
  }

  /** The model of the service object alone, as a tree with these nodes supports it; undefined when it has none. */
  serviceModelOf(nodes: readonly TreeNode[]): SupportedModel | undefined {
    let document = this.#services.get(nodes);
    if (document === undefined) {
      document = serviceDeviceType(this.#complete(nodes));
      if (document === undefined) return undefined;
      this.#services.set(nodes, document);
    }
    return this.#publish(document);
  }

  /** The document of that file name (`<uuid>.xml` or a data model's); undefined when there is none. */
  document(name: string): string | undefined {
    if (name === modelFile) return (this.#dataModel ??= dataModelDocument());
    const extension = deviceExtensions.find(({ file }) => file === name);
    if (extension !== undefined) return deviceExtensionDocument(extension);
    return this.#documents.get(name);
  }

  #publish({ uuid, urn, xml }: DeviceTypeDocument): SupportedModel {
    const name = `${uuid}.xml`;
    this.#documents.delete(name); // to the end of the order
    this.#documents.set(name, xml);
    const oldest = this.#documents.keys().next().value;
    if (this.#documents.size > mostDocuments && oldest !== undefined)
      this.#documents.delete(oldest);
    return { url: `${this.#urlBase()}/dt/${name}`, uuid, urn };
  }
}
