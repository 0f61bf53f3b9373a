//! What volumes are made of, one record each: its name in the API, in words, and the fields that are shown.

use super::go;
use super::json::Json;
use super::volume::{attributes, downward_api, empty_dir, ephemeral, nothing, projected};
use super::writer::Writer;

/// A source of volumes.
pub(super) struct Source {
    /// The field that holds it.
    pub key: &'static str,
    /// What it is, in kubectl's words.
    what: &'static str,
    /// What is shown of it: title, field, and how it is written.
    fields: &'static [(&'static str, &'static str, As)],
    /// What is shown after that.
    more: fn(Json<'_>, &mut Writer),
}

/// How a field is written.
#[derive(Clone, Copy)]
enum As {
    /// As a text, which may be missing.
    Text,
    /// As a text, `<none>` when it is missing.
    OrNone,
    /// As a text, `<unset>` when it is missing.
    OrUnset,
    /// As a number.
    Number,
    /// As `true` or `false`.
    Truth,
    /// As a list in brackets.
    List,
    /// As a list with commas.
    Joined,
    /// As a map.
    Map,
    /// As a reference to a secret of the same namespace.
    Secret,
    /// As a reference to a secret of any namespace.
    SecretAnywhere,
}
use As::{Joined, List, Map, Number, OrNone, OrUnset, Secret, SecretAnywhere, Text, Truth};

impl Source {
    /// The source and its fields.
    pub fn write(&self, json: Json<'_>, out: &mut Writer) {
        out.line(2, format!("Type:\t{}", self.what));
        for (title, path, how) in self.fields {
            out.line(2, format!("{title}\t{}", how.written(json.at(path))));
        }
        (self.more)(json, out);
    }
}

impl As {
    fn written(self, json: Json<'_>) -> String {
        match self {
            Text => json.to_string(),
            OrNone => json.or("<none>"),
            OrUnset => json.or("<unset>"),
            Number => json.int().to_string(),
            Truth => json.truth().to_string(),
            List => json.or("[]"),
            Joined => json.texts().join(", "),
            Map => json.or("map[]"),
            Secret => go::secret(json, false),
            SecretAnywhere => go::secret(json, true),
        }
    }
}

const fn source(key: &'static str, what: &'static str, fields: &'static [(&'static str, &'static str, As)]) -> Source {
    Source { key, what, fields, more: nothing }
}

const fn and(mut source: Source, more: fn(Json<'_>, &mut Writer)) -> Source {
    source.more = more;
    source
}

const READ_ONLY: (&str, &str, As) = ("ReadOnly:", "readOnly", Truth);
const FS: (&str, &str, As) = ("FSType:", "fsType", Text);
const SECRET: (&str, &str, As) = ("SecretRef:", "secretRef", Secret);
const SECRET_ANYWHERE: (&str, &str, As) = ("SecretRef:", "secretRef", SecretAnywhere);

const HOST_PATH: Source = source(
    "hostPath",
    "HostPath (bare host directory volume)",
    &[("Path:", "path", Text), ("HostPathType:", "type", OrNone)],
);
const GCE: Source = source(
    "gcePersistentDisk",
    "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
    &[("PDName:", "pdName", Text), FS, ("Partition:", "partition", Number), READ_ONLY],
);
const AWS: Source = source(
    "awsElasticBlockStore",
    "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
    &[("VolumeID:", "volumeID", Text), FS, ("Partition:", "partition", Number), READ_ONLY],
);
const NFS: Source = source(
    "nfs",
    "NFS (an NFS mount that lasts the lifetime of a pod)",
    &[("Server:", "server", Text), ("Path:", "path", Text), READ_ONLY],
);
const GLUSTERFS: &str = "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)";
const ISCSI: &str =
    "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)";
const RBD: &str = "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)";
const QUOBYTE: Source = source(
    "quobyte",
    "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    &[("Registry:", "registry", Text), ("Volume:", "volume", Text), READ_ONLY],
);
const AZURE_DISK: Source = source(
    "azureDisk",
    "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
    &[
        ("DiskName:", "diskName", Text),
        ("DiskURI:", "diskURI", Text),
        ("Kind: ", "kind", Text),
        FS,
        ("CachingMode:", "cachingMode", Text),
        READ_ONLY,
    ],
);
const VSPHERE: Source = source(
    "vsphereVolume",
    "vSphereVolume (a Persistent Disk resource in vSphere)",
    &[("VolumePath:", "volumePath", Text), FS, ("StoragePolicyName:", "storagePolicyName", Text)],
);
const CINDER: &str = "Cinder (a Persistent Disk resource in OpenStack)";
const PHOTON: Source = source(
    "photonPersistentDisk",
    "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
    &[("PdID:", "pdID", Text), FS],
);
const PORTWORX: Source =
    source("portworxVolume", "PortworxVolume (a Portworx Volume resource)", &[("VolumeID:", "volumeID", Text)]);
const SCALE_IO: &str = "ScaleIO (a persistent volume backed by a block device in ScaleIO)";
const CEPH_FS: &str = "CephFS (a CephFS mount on the host that shares a pod's lifetime)";
const STORAGE_OS: Source = source(
    "storageos",
    "StorageOS (a StorageOS Persistent Disk resource)",
    &[("VolumeName:", "volumeName", Text), ("VolumeNamespace:", "volumeNamespace", Text), FS, READ_ONLY],
);
const FC: Source = source(
    "fc",
    "FC (a Fibre Channel disk)",
    &[("TargetWWNs:", "targetWWNs", Joined), ("LUN:", "lun", OrNone), FS, READ_ONLY],
);
const AZURE_FILE: &str = "AzureFile (an Azure File Service mount on the host and bind mount to the pod)";
const FLEX: &str = "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)";
const FLOCKER: Source = source(
    "flocker",
    "Flocker (a Flocker volume mounted by the Flocker agent)",
    &[("DatasetName:", "datasetName", Text), ("DatasetUUID:", "datasetUUID", Text)],
);
const CSI: &str = "CSI (a Container Storage Interface (CSI) volume source)";

/// What volumes of pods are made of, in the order in which kubectl looks.
#[rustfmt::skip]
pub(super) const OF_PODS: &[Source] = &[
    HOST_PATH,
    and(source("emptyDir", "EmptyDir (a temporary directory that shares a pod's lifetime)", &[("Medium:", "medium", Text)]), empty_dir),
    GCE,
    AWS,
    source("gitRepo", "GitRepo (a volume that is pulled from git when the pod is created)", &[("Repository:", "repository", Text), ("Revision:", "revision", Text)]),
    source("secret", "Secret (a volume populated by a Secret)", &[("SecretName:", "secretName", Text), ("Optional:", "optional", Truth)]),
    source("configMap", "ConfigMap (a volume populated by a ConfigMap)", &[("Name:", "name", Text), ("Optional:", "optional", Truth)]),
    NFS,
    source("iscsi", ISCSI, &[("TargetPortal:", "targetPortal", Text), ("IQN:", "iqn", Text), ("Lun:", "lun", Number), ("ISCSIInterface", "iscsiInterface", Text), FS, READ_ONLY, ("Portals:", "portals", List), ("DiscoveryCHAPAuth:", "chapAuthDiscovery", Truth), ("SessionCHAPAuth:", "chapAuthSession", Truth), SECRET, ("InitiatorName:", "initiatorName", OrNone)]),
    source("glusterfs", GLUSTERFS, &[("EndpointsName:", "endpoints", Text), ("Path:", "path", Text), READ_ONLY]),
    source("persistentVolumeClaim", "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)", &[("ClaimName:", "claimName", Text), READ_ONLY]),
    and(source("ephemeral", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)", &[]), ephemeral),
    source("rbd", RBD, &[("CephMonitors:", "monitors", List), ("RBDImage:", "image", Text), FS, ("RBDPool:", "pool", Text), ("RadosUser:", "user", Text), ("Keyring:", "keyring", Text), SECRET, READ_ONLY]),
    QUOBYTE,
    and(source("downwardAPI", "DownwardAPI (a volume populated by information about the pod)", &[]), downward_api),
    AZURE_DISK,
    VSPHERE,
    source("cinder", CINDER, &[("VolumeID:", "volumeID", Text), FS, READ_ONLY, SECRET]),
    PHOTON,
    PORTWORX,
    source("scaleIO", SCALE_IO, &[("Gateway:", "gateway", Text), ("System:", "system", Text), ("Protection Domain:", "protectionDomain", Text), ("Storage Pool:", "storagePool", Text), ("Storage Mode:", "storageMode", Text), ("VolumeName:", "volumeName", Text), FS, READ_ONLY]),
    source("cephfs", CEPH_FS, &[("Monitors:", "monitors", List), ("Path:", "path", Text), ("User:", "user", Text), ("SecretFile:", "secretFile", Text), SECRET, READ_ONLY]),
    STORAGE_OS,
    FC,
    source("azureFile", AZURE_FILE, &[("SecretName:", "secretName", Text), ("ShareName:", "shareName", Text), READ_ONLY]),
    source("flexVolume", FLEX, &[("Driver:", "driver", Text), FS, SECRET, READ_ONLY, ("Options:", "options", Map)]),
    FLOCKER,
    and(source("projected", "Projected (a volume that contains injected data from multiple sources)", &[]), projected),
    and(source("csi", CSI, &[("Driver:", "driver", Text), FS, READ_ONLY]), attributes),
    source("image", "Image (a container image or OCI artifact)", &[("Reference:", "reference", Text), ("PullPolicy:", "pullPolicy", Text)]),
];

/// What persistent volumes are made of, in the order in which kubectl looks.
#[rustfmt::skip]
pub(super) const OF_VOLUMES: &[Source] = &[
    HOST_PATH,
    GCE,
    AWS,
    NFS,
    source("iscsi", ISCSI, &[("TargetPortal:", "targetPortal", Text), ("IQN:", "iqn", Text), ("Lun:", "lun", Number), ("ISCSIInterface", "iscsiInterface", Text), FS, READ_ONLY, ("Portals:", "portals", List), ("DiscoveryCHAPAuth:", "chapAuthDiscovery", Truth), ("SessionCHAPAuth:", "chapAuthSession", Truth), SECRET_ANYWHERE, ("InitiatorName:", "initiatorName", OrNone)]),
    source("glusterfs", GLUSTERFS, &[("EndpointsName:", "endpoints", Text), ("EndpointsNamespace:", "endpointsNamespace", OrUnset), ("Path:", "path", Text), READ_ONLY]),
    source("rbd", RBD, &[("CephMonitors:", "monitors", List), ("RBDImage:", "image", Text), FS, ("RBDPool:", "pool", Text), ("RadosUser:", "user", Text), ("Keyring:", "keyring", Text), SECRET_ANYWHERE, READ_ONLY]),
    QUOBYTE,
    VSPHERE,
    source("cinder", CINDER, &[("VolumeID:", "volumeID", Text), FS, READ_ONLY, SECRET_ANYWHERE]),
    AZURE_DISK,
    PHOTON,
    PORTWORX,
    source("scaleIO", SCALE_IO, &[("Gateway:", "gateway", Text), ("System:", "system", Text), ("Protection Domain:", "protectionDomain", Text), ("Storage Pool:", "storagePool", Text), ("Storage Mode:", "storageMode", Text), ("VolumeName:", "volumeName", Text), ("SecretName:", "secretRef.name", Text), ("SecretNamespace:", "secretRef.namespace", Text), FS, READ_ONLY]),
    source("local", "LocalVolume (a persistent volume backed by local storage on a node)", &[("Path:", "path", Text)]),
    source("cephfs", CEPH_FS, &[("Monitors:", "monitors", List), ("Path:", "path", Text), ("User:", "user", Text), ("SecretFile:", "secretFile", Text), SECRET_ANYWHERE, READ_ONLY]),
    STORAGE_OS,
    FC,
    source("azureFile", AZURE_FILE, &[("SecretName:", "secretName", Text), ("SecretNamespace:", "secretNamespace", Text), ("ShareName:", "shareName", Text), READ_ONLY]),
    source("flexVolume", FLEX, &[("Driver:", "driver", Text), FS, SECRET_ANYWHERE, READ_ONLY, ("Options:", "options", Map)]),
    FLOCKER,
    and(source("csi", CSI, &[("Driver:", "driver", Text), FS, ("VolumeHandle:", "volumeHandle", Text), READ_ONLY]), attributes),
];
