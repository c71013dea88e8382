using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Registries;

/// <summary>An OCI archive whose layers are compressed is a layout in one file: its blobs are parts of the archive.</summary>
internal static class ArchiveLayout
{
    /// <summary>Opens an archive as it is, where that can be done.</summary>
    /// <returns>Null if it has to be converted first: it is compressed as a whole, has no index, or has layers that are not compressed.</returns>
    /// <exception cref="Faults.IpdrException">It is no archive, or a document in it is damaged.</exception>
    public static async Task<LayoutRegistry?> TryOpenAsync(string path, CancellationToken cancellationToken)
    {
        ArchiveInput input = ArchiveInput.OfFile(path);
        await using (input.ConfigureAwait(false))
        {
            using ArchiveWalk walk = new(input, new ArchiveLimits());
            await walk.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (!walk.IsInPlace)
                return null;
            ArchiveContents contents = await walk.ScanAsync(NoSink.Instance, cancellationToken).ConfigureAwait(false);
            if (!contents.TryGet(OciLayout.IndexFile, out ArchiveMember? member) || member.Document is not { } document)
                return null;
            LayoutRegistry registry = LayoutRegistry.OfIndex(path, Document.ReadIndex(document, path), digest => Find(path, contents, digest));
            return registry.HasPlainLayers ? null : registry;
        }
    }

    private static FilePart? Find(string path, ArchiveContents contents, Digest digest) =>
        contents.TryGet(OciLayout.PathOf(digest), out ArchiveMember? member) && member is { IsFile: true, IsContiguous: true, Repeats.Count: 0 }
            ? new FilePart(path, member.BodyOffset, member.Size)
            : null;

    // Only where things are is of interest.
    private sealed class NoSink : IMemberSink
    {
        public static NoSink Instance { get; } = new();

        public ValueTask AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken) => default;
    }
}
