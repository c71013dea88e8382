using CsCheck;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Images;

/// <summary>Media types: their grammar (RFC 6838), and the kinds that images are made of.</summary>
public sealed class MediaTypeTests
{
    public static TheoryData<MediaTypeFamily, CompressionFormat, bool> LayerTypes()
    {
        TheoryData<MediaTypeFamily, CompressionFormat, bool> all = [];
        foreach (MediaTypeFamily family in Enum.GetValues<MediaTypeFamily>())
        {
            foreach (CompressionFormat format in new[] { CompressionFormat.None, CompressionFormat.Gzip, CompressionFormat.Zstd })
            {
                all.Add(family, format, false);
                all.Add(family, format, true);
            }
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(LayerTypes))]
    public void A_layer_type_tells_its_compression_and_whether_it_is_foreign(MediaTypeFamily family, CompressionFormat format, bool foreign)
    {
        MediaType type = MediaType.Parse(MediaType.OfLayer(family, format, foreign).ToString());
        Assert.True(type.IsLayer);
        Assert.Equal((format, foreign), (type.LayerCompression, type.IsForeignLayer));
        Assert.Equal(type, type.In(family));
        foreach (MediaTypeFamily other in Enum.GetValues<MediaTypeFamily>())
            Assert.Equal(MediaType.OfLayer(other, format, foreign), type.In(other));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+zstd")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    public void The_layer_types_of_the_specifications_are_known(string text) => Assert.True(MediaType.Parse(text).IsLayer);

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar.gzip")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar+gzip")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted")]
    [InlineData("application/vnd.oci.image.layer.v1.tarball")]
    [InlineData("application/vnd.in-toto+json")]
    public void Other_types_are_kept_and_are_no_layers(string text)
    {
        MediaType type = MediaType.Parse(text);
        Assert.False(type.IsLayer);
        Assert.Null(type.LayerCompression);
        Assert.Equal(type, type.In(MediaTypeFamily.Docker));
    }

    [Fact]
    public void Documents_have_a_type_in_each_family()
    {
        Assert.Equal(MediaType.DockerManifestList, MediaType.OciIndex.In(MediaTypeFamily.Docker));
        Assert.Equal(MediaType.DockerManifest, MediaType.OciManifest.In(MediaTypeFamily.Docker));
        Assert.Equal(MediaType.DockerConfig, MediaType.OciConfig.In(MediaTypeFamily.Docker));
        Assert.Equal(MediaType.OciIndex, MediaType.DockerManifestList.In(MediaTypeFamily.Oci));
    }

    [Theory]
    [InlineData("")]
    [InlineData("application")]
    [InlineData("application/")]
    [InlineData("/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/js/on")]
    [InlineData("application/.json")]
    public void What_is_no_media_type_is_refused(string text) => Assert.Throws<FormatException>(() => MediaType.Parse(text));

    [Fact]
    public void Any_text_is_kept_to_the_letter_or_refused() => Gen.String.Sample(text =>
        !MediaType.TryParse(text, null, out MediaType type) || type.ToString() == text);
}
