using System.IO.Compression;
using Ipdr.Oci.Tests.Tar;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>A layer of a <see cref="SampleImage"/>: its plain bytes, and how they are stored.</summary>
internal sealed class SampleLayer(byte[] plain)
{
    public byte[] Plain => plain;

    public string MediaType { get; init; } = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>Makes the stored bytes of the plain ones.</summary>
    public Func<byte[], byte[]> Store { get; init; } = Gzip;

    public byte[] Stored => Store(plain);

    public static SampleLayer Of(Action<TarBuilder> fill, bool withEnd = true)
    {
        TarBuilder tar = new();
        fill(tar);
        return new SampleLayer(withEnd ? tar.End().ToArray() : tar.ToArray());
    }

    public static SampleLayer PlainOf(byte[] bytes) => new(bytes) { MediaType = "application/vnd.oci.image.layer.v1.tar", Store = plain => plain };

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream stored = new();
        using (GZipStream gzip = new(stored, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stored.ToArray();
    }
}
