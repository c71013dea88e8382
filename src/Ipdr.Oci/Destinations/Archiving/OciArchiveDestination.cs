using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>A new tar of an OCI image layout. Its bytes follow from what is in it: members by name, no times, no owners.</summary>
internal sealed class OciArchiveDestination(string place, DestinationTraits traits, ArchiveOutput output, BlobDepot blobs) : ArchiveDestination(place, traits, output, blobs)
{
    private const int FileMode = 0b110_100_100, FolderMode = 0b111_101_101;

    private readonly ConcurrentDictionary<Digest, Descriptor> _written = [];

    public override Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        _written[blob.Descriptor.Digest] = blob.Descriptor;
        return base.WriteBlobAsync(blob, cancellationToken);
    }

    protected override Task<Func<Stream, Task>> PrepareAsync(IReadOnlyList<SourceImage> entries, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> index = OciLayout.IndexDocument([.. entries.Select(entry => new LayoutRoot(entry.Descriptor, entry.Name, entry.Label))]);
        return Task.FromResult<Func<Stream, Task>>(output => WriteAsync(output, index, cancellationToken));
    }

    private async Task WriteAsync(Stream output, ReadOnlyMemory<byte> index, CancellationToken cancellationToken)
    {
        TarWriter tar = new(output, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            string last = "";
            await WriteFolderAsync(tar, "blobs/", cancellationToken).ConfigureAwait(false);
            foreach (Digest digest in _written.Keys.Concat(Manifests.Keys).Distinct().OrderBy(OciLayout.PathOf, StringComparer.Ordinal))
            {
                if (last != digest.Algorithm.Name)
                    await WriteFolderAsync(tar, $"blobs/{last = digest.Algorithm.Name}/", cancellationToken).ConfigureAwait(false);
                await WriteBlobAsync(tar, digest, cancellationToken).ConfigureAwait(false);
            }
            await tar.WriteEntryAsync(Member(OciLayout.IndexFile), index, cancellationToken).ConfigureAwait(false);
            await tar.WriteEntryAsync(Member(OciLayout.MarkerFile), OciLayout.Marker, cancellationToken).ConfigureAwait(false);
            await tar.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteBlobAsync(TarWriter tar, Digest digest, CancellationToken cancellationToken)
    {
        TarEntry member = Member(OciLayout.PathOf(digest));
        if (Manifests.TryGetValue(digest, out (Descriptor Descriptor, ReadOnlyMemory<byte> Content) manifest))
        {
            await tar.WriteEntryAsync(member, manifest.Content, cancellationToken).ConfigureAwait(false);
            return;
        }
        VerifyingStream content = await Blobs.OpenAsync(_written[digest], cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            await tar.WriteEntryAsync(member with { Size = _written[digest].Size }, content, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask WriteFolderAsync(TarWriter tar, string name, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(new TarEntry { Name = name, Type = TarEntryType.Directory, Mode = FolderMode }, default(ReadOnlyMemory<byte>), cancellationToken);

    private static TarEntry Member(string name) => new() { Name = name, Type = TarEntryType.RegularFile, Mode = FileMode };
}
