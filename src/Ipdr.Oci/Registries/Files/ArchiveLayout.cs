using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Registries.Files;

/// <summary>An OCI archive whose layers are compressed is a layout in one file: its blobs are parts of the archive.</summary>
internal sealed class ArchiveLayout
{
    private readonly string _path;
    private readonly ArchiveContents _contents;

    private ArchiveLayout(string path, ArchiveContents contents, ImageIndex index)
    {
        (_path, _contents) = (path, contents);
        Content = LayoutRegistry.OfIndex(path, index, Find);
    }

    /// <summary>What it has by name.</summary>
    public LayoutRegistry Content { get; }

    /// <summary>Opens an archive as it is, where that can be done.</summary>
    /// <returns>Null if it has to be converted first: it is compressed as a whole, has no index, or has layers that are not compressed.</returns>
    /// <exception cref="Faults.IpdrException">It is no archive, or a document in it is damaged.</exception>
    public static async Task<ArchiveLayout?> TryOpenAsync(string path, CancellationToken cancellationToken)
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
            ArchiveLayout layout = new(path, contents, Document.ReadIndex(document, path));
            return layout.Content.HasPlainLayers ? null : layout;
        }
    }

    /// <summary>Reads the whole archive for the DAG that converting it would give: an image has one CID, whatever form it is served in.</summary>
    /// <returns>Null if it would be converted to other blobs than it has.</returns>
    /// <exception cref="Faults.IpdrException">The archive is damaged, or cannot be read.</exception>
    public async Task<Dag?> ReadDagAsync(CancellationToken cancellationToken)
    {
        ArchiveInput input = ArchiveInput.OfFile(_path);
        await using (input.ConfigureAwait(false))
        {
            ConversionOptions options = new()
            {
                Layout = LayoutKind.Universal,
                DryRun = true,
                InPlace = digest => Find(digest) is { } part ? new DiskContent(part.Path, part.Offset) : null,
            };
            return (await Converter.ConvertAsync(input, "", options, null, cancellationToken).ConfigureAwait(false)).Dag;
        }
    }

    private FilePart? Find(Digest digest) =>
        _contents.TryGet(OciLayout.PathOf(digest), out ArchiveMember? member) && member is { IsFile: true, IsContiguous: true, Repeats.Count: 0 }
            ? new FilePart(_path, member.BodyOffset, member.Size)
            : null;

    // Only where things are is of interest.
    private sealed class NoSink : IMemberSink
    {
        public static NoSink Instance { get; } = new();

        public ValueTask AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken) => default;
    }
}
