namespace Ipdr.Oci.Faults;

/// <summary>What can be wrong, by name. The kebab-case form (<see cref="Fault.CodeText"/>) is stable: scripts may match on it.</summary>
public enum FaultCode
{
    /// <summary>The bytes are no archive that is known here.</summary>
    NotAnArchive,

    /// <summary>The stream ends before what it promised.</summary>
    Truncated,

    /// <summary>A tar header's checksum does not fit its bytes.</summary>
    BadChecksum,

    /// <summary>A tar header or pax record is malformed.</summary>
    BadHeader,

    /// <summary>A tar member is stored sparse in a form that is not read.</summary>
    Sparse,

    /// <summary>A compressed stream is malformed, or its checksum or length does not hold.</summary>
    BadCompression,

    /// <summary>Data follows the end of a compressed stream or an archive.</summary>
    TrailingData,

    /// <summary>A named bound was passed.</summary>
    Limit,

    /// <summary>No <c>manifest.json</c> and no OCI layout: the archive holds no image.</summary>
    MissingManifest,

    /// <summary>An <c>oci-layout</c> without its <c>index.json</c>.</summary>
    MissingIndex,

    /// <summary>An archive of Docker before 1.10.</summary>
    UnsupportedV1,

    /// <summary><c>imageLayoutVersion</c> is not 1.0.0.</summary>
    UnsupportedVersion,

    /// <summary>A well-formed digest of an algorithm that is not known here.</summary>
    UnsupportedAlgorithm,

    /// <summary>A media type that cannot be converted.</summary>
    UnsupportedMediaType,

    /// <summary>The archive is sound and holds no image.</summary>
    NoImages,

    /// <summary>A <c>manifest.json</c>, image manifest or index is malformed.</summary>
    BadManifest,

    /// <summary>An image config is malformed.</summary>
    BadConfig,

    /// <summary>A digest is malformed.</summary>
    BadDigest,

    /// <summary>An image reference is malformed.</summary>
    BadReference,

    /// <summary>A config that is named is not in the archive.</summary>
    MissingConfig,

    /// <summary>A layer that is named is not in the archive.</summary>
    MissingLayer,

    /// <summary>A blob that is named is not in the archive.</summary>
    MissingBlob,

    /// <summary>Content does not have the digest that names it.</summary>
    DigestMismatch,

    /// <summary>Content does not have the size that is promised.</summary>
    SizeMismatch,

    /// <summary>An image has another number of layers than its config has DiffIds.</summary>
    LayerCountMismatch,

    /// <summary>An image's layers are right and in the wrong order.</summary>
    LayerOrder,

    /// <summary>The non-empty history entries of a config are not as many as its layers.</summary>
    HistoryInconsistent,

    /// <summary>A file is named after another digest than its content has.</summary>
    NameMismatch,

    /// <summary>A media type says another compression than the bytes have.</summary>
    MediaTypeMismatch,

    /// <summary>Something of an image cannot be said in the media types that were asked for.</summary>
    Lost,

    /// <summary>One name occurs twice with different content.</summary>
    AmbiguousDuplicate,

    /// <summary>A path climbs out of the archive or is absolute.</summary>
    PathTraversal,

    /// <summary>A link is dangling, absolute or climbs out of the archive.</summary>
    BadLink,

    /// <summary>Links point at each other.</summary>
    LinkLoop,

    /// <summary>A device, FIFO or directory stands where a file is needed.</summary>
    NotAFile,

    /// <summary>The end-of-archive blocks are missing.</summary>
    MissingEndBlocks,

    /// <summary>The Docker view and the OCI view of one archive contradict each other.</summary>
    ViewsDisagree,

    /// <summary>A part of a multi-platform image is not in the archive.</summary>
    PartialIndex,

    /// <summary>Nothing matches the platform that was asked for.</summary>
    NoPlatform,

    /// <summary>A text cannot be the name of a file.</summary>
    BadName,

    /// <summary>A name is wanted for two different things.</summary>
    NameConflict,

    /// <summary>The destination exists and may not be replaced.</summary>
    DestinationExists,

    /// <summary>The destination is not what it should be.</summary>
    BadDestination,

    /// <summary>A file or folder cannot be opened, read or written.</summary>
    Io,

    /// <summary>No space is left where the output goes.</summary>
    DiskFull,

    /// <summary>A blob to which nothing in the layout leads.</summary>
    OrphanBlob,

    /// <summary>The description of a layer in the format of Docker before 1.10, kept beside the images that do not need it.</summary>
    LeftoverV1,

    /// <summary>A file that is no part of the layout.</summary>
    StrayFile,

    /// <summary>A file among the blobs whose name is no digest.</summary>
    BadBlobName,

    /// <summary>A symbolic link where a layout has a file or folder.</summary>
    SymbolicLink,

    /// <summary>One document lists the same entry twice.</summary>
    DuplicateEntry,

    /// <summary>The content that is embedded in a descriptor is not that of the blob.</summary>
    DataMismatch,

    /// <summary>A <c>urls</c> entry of a descriptor is no URL.</summary>
    BadUrl,

    /// <summary>An index says another platform than the config of the image.</summary>
    PlatformMismatch,

    /// <summary>A platform without its architecture or operating system.</summary>
    IncompletePlatform,

    /// <summary>A document does not say its own media type.</summary>
    MissingMediaType,

    /// <summary>The marker of an OCI layout is missing.</summary>
    MissingMarker,

    /// <summary>The manifest that another one speaks of is absent.</summary>
    MissingSubject,

    /// <summary>A referrer or attestation speaks of something else than the place where it stands says.</summary>
    BadReferrer,

    /// <summary>A manifest has a tag in a registry layout and cannot be asked for by its digest.</summary>
    MissingDigestName,

    /// <summary>A name in a layer begins at the root.</summary>
    AbsolutePath,

    /// <summary>A link in a layer leads above the root of the image.</summary>
    LinkOutside,

    /// <summary>A layer makes a device.</summary>
    DeviceNode,

    /// <summary>A whiteout that names nothing, or the folder that it is in.</summary>
    BadWhiteout,

    /// <summary>A whiteout hides nothing: no layer below has what it names.</summary>
    DanglingWhiteout,

    /// <summary>A program in a layer runs with the rights of its owner or group.</summary>
    Setuid,

    /// <summary>Two names in a layer differ only in the case of their letters.</summary>
    CaseCollision,

    /// <summary>A layer has the same name twice.</summary>
    DuplicatePath,

    /// <summary>Something was not checked, and why.</summary>
    Unchecked,

    /// <summary>A CID is malformed.</summary>
    BadCid,

    /// <summary>A CAR is malformed.</summary>
    BadCar,

    /// <summary>A block of a DAG is not the node that it should be.</summary>
    BadNode,

    /// <summary>A block that is linked to is not there.</summary>
    MissingBlock,

    /// <summary>A block is of a kind that is not read here.</summary>
    UnsupportedCodec,

    /// <summary>A file stands where a directory is needed.</summary>
    NotADirectory,

    /// <summary>A path leads to nothing.</summary>
    NoSuchEntry,

    /// <summary>Something has another CID than it should have.</summary>
    CidMismatch,

    /// <summary>Nothing has the name that was asked for.</summary>
    NotFound,

    /// <summary>A piece does not start where the last one ended.</summary>
    OutOfOrder,

    /// <summary>Somebody else is using it right now.</summary>
    InUse,

    /// <summary>The store's catalogue cannot be read.</summary>
    StoreDamaged,

    /// <summary>A public key cannot be used.</summary>
    BadKey,

    /// <summary>No signature of an image is by one of the keys that were given.</summary>
#pragma warning disable CA1720 // It is no type of numbers: nobody has signed. The text of the code is made of the name.
    Unsigned,
#pragma warning restore CA1720

    /// <summary>Something that claims to be a signature is malformed, or not made with the key that it names.</summary>
    BadSignature,

    /// <summary>A good signature is attached to another image than the one that it names.</summary>
    SignatureOfOther,

    /// <summary>Where names become CIDs cannot be asked.</summary>
    NamesUnreachable = 700,

    /// <summary>A container engine does not answer.</summary>
    EngineUnreachable = 750,

    /// <summary>A container engine refused, or failed.</summary>
    EngineFailed = 751,

    /// <summary>A registry does not answer, or the connection to it breaks again and again.</summary>
    RegistryUnreachable = 752,

    /// <summary>A registry refused, or failed.</summary>
    RegistryFailed = 753,

    /// <summary>Credentials are missing or wrong.</summary>
    Unauthorized = 754,

    /// <summary>A peer's answer is not what its protocol allows.</summary>
    BadAnswer = 755,

    /// <summary>What arrived is another image than the one that was sent.</summary>
    ImageMismatch = 756,

    /// <summary>A digest cannot be kept.</summary>
    DigestChanged = 757,

    /// <summary>A file of settings cannot be used.</summary>
    BadSettings = 758,

    /// <summary>A place on the network cannot be reached, or refuses.</summary>
    SourceUnreachable = 800,

    /// <summary>A place on the network answers with something else than it was asked for.</summary>
    SourceMisbehaves = 801,

    /// <summary>A place on the network takes too long, or ends its answer too early.</summary>
    SourceStalled = 802,

    /// <summary>A place on the network asks to come back later.</summary>
    SourceThrottles = 803,

    /// <summary>An address of a place on the network cannot be used.</summary>
    BadAddress = 804,

    /// <summary>A place on the network cannot keep what it was sent.</summary>
    DestinationRefuses = 805,

    /// <summary>A block may well exist, but the places that were asked for it failed.</summary>
    SourcesFailed = 806,
}
