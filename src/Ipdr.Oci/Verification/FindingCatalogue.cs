using System.Collections.Frozen;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification;

/// <summary>Every code that verification reports: what it means, how bad it is, and what to do. <c>docs/verify.md</c> has an example of each.</summary>
/// <remarks>
/// An error means that the content is not what is promised, that tools cannot read it, or that it is dangerous to use. What tools disagree about,
/// or what is there for nothing, is a warning. What some tool writes on purpose is a note.
/// </remarks>
public static class FindingCatalogue
{
    private const string GetAgain = "Get it again from where it came from, or repair it with --repair-from; this copy is damaged or was changed.";
    private const string WriteAgain = "Write it again with a current tool; this one broke the specification.";
    private const string DoNotUnpack = "Do not unpack this layer outside of a container engine.";

    private static readonly FrozenDictionary<FaultCode, Entry> Entries = new Entry[]
    {
        // The container: archive, compression, folder.
        new(FaultCode.NotAnArchive, Severity.Error, "The bytes are no tar archive.", "Check that this is the right file; a layer must be a tar archive."),
        new(FaultCode.Truncated, Severity.Error, "The data ends before what it promised.", GetAgain),
        new(FaultCode.BadChecksum, Severity.Error, "A tar header's checksum does not fit its bytes.", GetAgain),
        new(FaultCode.BadHeader, Severity.Error, "A tar header or pax record is malformed.", GetAgain),
        new(FaultCode.Sparse, Severity.Error, "A tar member is stored sparse in a form that is not read.", "Make the archive again without tar's option --sparse."),
        new(FaultCode.BadCompression, Severity.Error, "Compressed data is malformed, or its checksum or length does not hold.", GetAgain),
        new(FaultCode.TrailingData, Severity.Warning, "Data follows the end of an archive or of compressed data.", "Cut it off, unless it is known what it is for."),
        new(FaultCode.MissingEndBlocks, Severity.Warning, "The two end blocks of an archive are missing; all members are complete.", "Nothing is lost; a tool that appends the blocks makes it as POSIX wants it."),
        new(FaultCode.Limit, Severity.Error, "A limit was passed.", "If this is expected of the image, raise the limit."),
        new(FaultCode.Io, Severity.Error, "A file or folder cannot be read.", "Check its permissions and the disk."),
        new(FaultCode.AmbiguousDuplicate, Severity.Error, "An archive has one name twice with different content.", "Some tools read the first, others the last: do not use this archive."),
        new(FaultCode.PathTraversal, Severity.Error, "A name climbs out of the archive or of the layer.", "Do not unpack this; no honest tool writes such names."),
        new(FaultCode.BadLink, Severity.Error, "A link of an archive is dangling, absolute or climbs out of it.", "Save the image again; do not use this archive."),
        new(FaultCode.LinkLoop, Severity.Error, "Links of an archive lead to each other.", "Save the image again; do not use this archive."),
        new(FaultCode.NotAFile, Severity.Error, "A folder, FIFO, device or socket stands where a file is needed.", "Remove it; tools that open it may wait for ever."),
        new(FaultCode.SymbolicLink, Severity.Error, "A symbolic link stands in a layout; it was not followed.", "Replace the link by the file that is meant."),
        new(FaultCode.StrayFile, Severity.Note, "A file that is no part of the layout.", "Remove it if nobody needs it."),

        // What kind of thing it is.
        new(FaultCode.MissingManifest, Severity.Error, "There is neither manifest.json nor an OCI layout nor a registry layout: it holds no image.", "Check that this is the right place; save the image with docker save if it was a file system."),
        new(FaultCode.MissingIndex, Severity.Error, "An OCI layout without its index.json.", "Write the layout again; this one is incomplete."),
        new(FaultCode.MissingMarker, Severity.Error, "An OCI layout without its oci-layout file.", "Write the file oci-layout with {\"imageLayoutVersion\":\"1.0.0\"}."),
        new(FaultCode.UnsupportedV1, Severity.Error, "An archive of Docker before 1.10.", "Load it into Docker 1.10 to 28 and save it again."),
        new(FaultCode.UnsupportedVersion, Severity.Error, "imageLayoutVersion is not 1.0.0.", "Write the layout again with a current tool."),
        new(FaultCode.UnsupportedAlgorithm, Severity.Error, "A well-formed digest of an algorithm that cannot be computed here: the content cannot be checked.", "Use sha256, sha512 or blake3."),
        new(FaultCode.UnsupportedMediaType, Severity.Error, "A schema 1 manifest, which no digest of a layer can be checked with.", "Pull the image with a current engine and save it again."),
        new(FaultCode.NoImages, Severity.Warning, "It is sound and names no image.", "Add an image, or remove it."),

        // Documents.
        new(FaultCode.BadManifest, Severity.Error, "A layout marker, index, manifest or manifest.json breaks its specification.", WriteAgain),
        new(FaultCode.BadConfig, Severity.Error, "An image config breaks its specification.", WriteAgain),
        new(FaultCode.BadDigest, Severity.Error, "A digest is malformed.", "A digest is written algorithm:hex, in lower case, as in sha256:e3b0…."),
        new(FaultCode.BadReference, Severity.Warning, "A name or tag is malformed.", "Give the image another name."),
        new(FaultCode.BadUrl, Severity.Warning, "An entry of urls is no absolute URL.", "Remove it from the descriptor, or correct it."),
        new(FaultCode.DuplicateEntry, Severity.Warning, "One document lists the same entry twice.", "Remove one of the two entries from the document."),
        new(FaultCode.NameConflict, Severity.Warning, "Two entries have the same name and are different images.", "Rename one of them; tools take either the first or none."),
        new(FaultCode.MissingMediaType, Severity.Note, "A document does not say its own media type.", "Nothing needs to be done; the specification recommends that it does."),
        new(FaultCode.DataMismatch, Severity.Error, "The data of a descriptor is not the content that the descriptor names.", "Do not use the data; remove the member from the descriptor."),
        new(FaultCode.IncompletePlatform, Severity.Warning, "A platform has no architecture or no operating system.", "Write both into the document, as image-spec asks."),
        new(FaultCode.PlatformMismatch, Severity.Warning, "An index says another platform than the config of the image.", "Correct the index, or tools will run the image where it cannot run."),
        new(FaultCode.HistoryInconsistent, Severity.Warning, "The history of a config tells another number of layers than there are.", "Correct the history; some engines refuse to push such an image."),
        new(FaultCode.LayerCountMismatch, Severity.Error, "An image has another number of layers than its config has DiffIds.", "Save the image again."),
        new(FaultCode.LayerOrder, Severity.Error, "The layers of an image are right and in the wrong order.", "Docker 25.0.0 wrote such archives; save the image again with a later one."),
        new(FaultCode.MissingSubject, Severity.Note, "The manifest that another one speaks of is not here.", "Nothing needs to be done; it may be elsewhere."),
        new(FaultCode.BadReferrer, Severity.Warning, "A referrer or attestation speaks of something else than the place where it stands says.", "Attach it again to the manifest that it is about."),
        new(FaultCode.PartialIndex, Severity.Warning, "A platform of an image is listed and not here.", "Nothing needs to be done unless that platform is wanted; then pull it and save again."),

        // Blobs.
        new(FaultCode.MissingConfig, Severity.Error, "A config that manifest.json names is not here.", "Save the image again; this archive is incomplete."),
        new(FaultCode.MissingLayer, Severity.Error, "A layer that manifest.json names is not here.", "Save the image again; this archive is incomplete."),
        new(FaultCode.MissingBlob, Severity.Error, "A blob that a document names is not here.", "Get it from a registry or another copy, for example with --repair-from."),
        new(FaultCode.DigestMismatch, Severity.Error, "Content does not have the digest or DiffId that is promised for it.", GetAgain),
        new(FaultCode.SizeMismatch, Severity.Error, "Content does not have the size that is promised for it.", GetAgain),
        new(FaultCode.MediaTypeMismatch, Severity.Error, "A media type says another compression than the bytes have.", "Write the manifest again with the right media type; tools that trust it cannot unpack the layer."),
        new(FaultCode.NameMismatch, Severity.Warning, "A file is named after another digest than its content has.", "Rename it; the image ID is the digest of the content."),
        new(FaultCode.BadBlobName, Severity.Warning, "A file among the blobs has a name that is no digest.", "Remove it; no document can refer to it."),
        new(FaultCode.OrphanBlob, Severity.Warning, "Nothing leads to a blob.", "Remove it to save its space, or add the manifest that needs it to the index."),
        new(FaultCode.LeftoverV1, Severity.Note, "A description in the format of Docker before 1.10, kept beside the images.", "Nothing needs to be done; Docker 25 and later write them."),
        new(FaultCode.ViewsDisagree, Severity.Error, "Two descriptions of the same images contradict each other.", "Tools load different images from it: save it again."),
        new(FaultCode.MissingDigestName, Severity.Warning, "A manifest has a tag and no name by its digest.", "Add manifests/<digest>; engines ask by digest for what a tag led to."),

        // What is in layers.
        new(FaultCode.LinkOutside, Severity.Warning, "A link in a layer leads above the root of the image.", DoNotUnpack),
        new(FaultCode.DeviceNode, Severity.Warning, "A layer makes a device.", DoNotUnpack),
        new(FaultCode.BadWhiteout, Severity.Error, "A whiteout names nothing, or the folder that it is in.", "Build the layer again; engines may delete more than was meant."),
        new(FaultCode.DanglingWhiteout, Severity.Warning, "A whiteout hides nothing: no layer below has what it names.", "Check the order of the layers, and whether one is missing."),
        new(FaultCode.AbsolutePath, Severity.Note, "A name in a layer begins at the root.", "Engines strip the slash; other tools may write outside of the folder they unpack to."),
        new(FaultCode.Setuid, Severity.Note, "A program in a layer runs with the rights of its owner or group.", "Check that it is meant to, or remove the bit: chmod ug-s."),
        new(FaultCode.CaseCollision, Severity.Note, "Two names in a layer differ only in the case of their letters.", "On file systems that ignore case one replaces the other."),
        new(FaultCode.DuplicatePath, Severity.Note, "A layer has the same name twice.", "Engines keep the last; build the layer again to have each once."),

        // CARs and CIDs.
        new(FaultCode.CidMismatch, Severity.Error, "The target does not have the CID that it should have.", "Get it again from where the CID came from; --cid-blocks with a CAR of it tells the first path that differs."),
        new(FaultCode.BadCar, Severity.Error, "A CAR is malformed.", GetAgain),
        new(FaultCode.BadNode, Severity.Error, "A block of a DAG is not the node that it should be.", GetAgain),
        new(FaultCode.MissingBlock, Severity.Error, "A block that is linked to is not in the CAR.", "Export the whole DAG again."),
        new(FaultCode.UnsupportedCodec, Severity.Error, "A block is of a kind that is not read here.", "Import the content as UnixFS."),

        // Signatures.
        new(FaultCode.Unsigned, Severity.Error, "An image is not signed by any of the keys that --key names.", "Bring its signatures along with ipdr copy --referrers, or do not use it."),
        new(FaultCode.BadSignature, Severity.Warning, "Something that claims to be a signature is malformed, damaged, or not made with the key that it names.", "It counts for nothing: copy the image and its signatures again, or have it signed again."),
        new(FaultCode.SignatureOfOther, Severity.Warning, "A signature by one of the keys is attached to another image than the one that it names.", "It counts for nothing here: somebody moved it from the image that was signed."),

        new(FaultCode.Unchecked, Severity.Note, "Something was not checked.", "The message says why."),
    }.ToFrozenDictionary(entry => entry.Code);

    /// <summary>All codes, by name.</summary>
    public static IReadOnlyList<Entry> All { get; } = [.. Entries.Values.OrderBy(entry => entry.Text, StringComparer.Ordinal)];

    /// <summary>What is known of one code; a code that is not in the catalogue is an error.</summary>
    public static Entry Of(FaultCode code) => Entries.TryGetValue(code, out Entry? entry) ? entry : new Entry(code, Severity.Error, "Verification failed.", "");

    /// <summary>One code.</summary>
    /// <param name="Code">The code.</param>
    /// <param name="Severity">How bad a finding of it is.</param>
    /// <param name="Meaning">What it means, one sentence.</param>
    /// <param name="Remedy">What to do about it, one sentence.</param>
    public sealed record Entry(FaultCode Code, Severity Severity, string Meaning, string Remedy)
    {
        /// <summary>The code as scripts see it.</summary>
        public string Text => new Fault(Code, "", "").CodeText;
    }
}
