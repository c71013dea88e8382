using System.Text.Json;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>Writes a Docker archive that every engine loads, from Docker 1.10 on: plain layers called by their DiffIds, configs by the image IDs, names in full.</summary>
/// <remarks>The bytes follow from the images and their names alone. Layers come first and what they are comes last, as engines write it.</remarks>
internal static class DockerArchiveWriter
{
    private const int FileMode = 0b110_100_100;

    /// <summary>Writes all images, each layer once.</summary>
    /// <exception cref="Faults.IpdrException">A layer cannot be read, or is not what it was when it was measured.</exception>
    public static async Task WriteAsync(Stream output, IReadOnlyList<DockerArchiveImage> images, BlobDepot blobs, CancellationToken cancellationToken)
    {
        TarWriter tar = new(output, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            foreach (DockerArchiveLayer layer in images.SelectMany(image => image.Layers).DistinctBy(layer => layer.DiffId))
            {
                Stream plain = await layer.OpenAsync(blobs, cancellationToken).ConfigureAwait(false);
                await using (plain.ConfigureAwait(false))
                    await tar.WriteEntryAsync(Member(NameOf(layer)) with { Size = layer.Size }, plain, cancellationToken).ConfigureAwait(false);
            }
            foreach (DockerArchiveImage image in images.DistinctBy(image => image.ImageId))
                await tar.WriteEntryAsync(Member(NameOf(image)), image.Config, cancellationToken).ConfigureAwait(false);
            DockerArchiveEntry[] entries = [.. images.GroupBy(image => image.ImageId).Select(EntryOf)];
            byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(entries, DockerArchiveJson.Default.IReadOnlyListDockerArchiveEntry);
            await tar.WriteEntryAsync(Member(WellKnown.DockerManifest), manifest, cancellationToken).ConfigureAwait(false);
            await tar.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static DockerArchiveEntry EntryOf(IGrouping<Digest, DockerArchiveImage> image)
    {
        string[] tags = [.. image.SelectMany(named => named.Tags).Distinct().Order(StringComparer.Ordinal)];
        return new DockerArchiveEntry(NameOf(image.First()), tags.Length > 0 ? tags : null, [.. image.First().Layers.Select(NameOf)]);
    }

    private static TarEntry Member(string name) => new() { Name = name, Type = TarEntryType.RegularFile, Mode = FileMode };

    private static string NameOf(DockerArchiveLayer layer) => layer.DiffId.Encoded + ".tar";

    private static string NameOf(DockerArchiveImage image) => image.ImageId.Encoded + ".json";
}
