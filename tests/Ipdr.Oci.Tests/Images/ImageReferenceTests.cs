using CsCheck;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Images;

/// <summary>Names of images as engines and registries read them (distribution/reference).</summary>
public sealed class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("alpine", "docker.io", "library/alpine", null, "alpine")]
    [InlineData("alpine:3.20", "docker.io", "library/alpine", "3.20", "alpine:3.20")]
    [InlineData("docker.io/alpine", "docker.io", "library/alpine", null, "alpine")]
    [InlineData("index.docker.io/team/app:1", "docker.io", "team/app", "1", "team/app:1")]
    [InlineData("team/app", "docker.io", "team/app", null, "team/app")]
    [InlineData("localhost/app", "localhost", "app", null, "localhost/app")]
    [InlineData("host:5000/app", "host:5000", "app", null, "host:5000/app")]
    [InlineData("registry.example.com/a/b/c:V_1.0-x", "registry.example.com", "a/b/c", "V_1.0-x", "registry.example.com/a/b/c:V_1.0-x")]
    [InlineData("[2001:db8::1]:5000/app:1", "[2001:db8::1]:5000", "app", "1", "[2001:db8::1]:5000/app:1")]
    [InlineData("a__b/c.d/e--f", "docker.io", "a__b/c.d/e--f", null, "a__b/c.d/e--f")]
    public void A_name_is_read_with_its_defaults_made_explicit(string text, string host, string repository, string? tag, string familiar)
    {
        ImageReference name = ImageReference.Parse(text);
        Assert.Equal((host, repository, tag, null), (name.Host, name.Repository, name.Tag, name.Digest));
        Assert.Equal(familiar, name.Familiar);
    }

    [Fact]
    public void Tag_and_digest_may_stand_together()
    {
        ImageReference name = ImageReference.Parse($"app:1@sha256:{Hex}");
        Assert.Equal("1", name.Tag);
        Assert.Equal($"sha256:{Hex}", name.Digest.ToString());
        Assert.Equal($"docker.io/library/app:1@sha256:{Hex}", name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("app:")]
    [InlineData("app@")]
    [InlineData("App")]
    [InlineData("host:5000/")]
    [InlineData("/app")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("app:tag/with")]
    [InlineData("app:-tag")]
    [InlineData("app:1@sha256:short")]
    [InlineData("a_-b")]
    [InlineData("app\n")]
    [InlineData("app:1\n")]
    [InlineData("ho st.com/app")]
    public void What_is_no_name_is_refused(string text)
    {
        Assert.False(ImageReference.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => ImageReference.Parse(text));
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_tag_has_at_most_128_characters(int length, bool valid) =>
        Assert.Equal(valid, ImageReference.TryParse("app:" + new string('t', length), null, out _));

    [Theory]
    [InlineData(255 - 10, true)]
    [InlineData(256 - 10, false)]
    public void Host_and_repository_have_at_most_255_characters(int length, bool valid) =>
        Assert.Equal(valid, ImageReference.TryParse("docker.io/" + new string('a', length - 2) + "/b", null, out _));

    [Fact]
    public void Printing_and_reading_again_gives_the_same_name() => References.Sample(text =>
    {
        ImageReference name = ImageReference.Parse(text);
        return ImageReference.Parse(name.ToString()) == name && ImageReference.Parse(name.Familiar) == name;
    });

    [Fact]
    public void Any_text_is_read_or_refused_without_failing() => Gen.String[Gen.Char["aZ0._-/:@[] \0é"], 0, 40].Sample(text =>
        !ImageReference.TryParse(text, null, out ImageReference? name) || ImageReference.Parse(name.ToString()) == name);

    private static Gen<string> References { get; } = Gen.Select(
        Gen.OneOf(new[] { "", "localhost/", "host:5000/", "registry.example.com/", "docker.io/" }.Select(Gen.Const).ToArray()),
        Gen.String[Gen.Char['a', 'z'], 1, 12].List[1, 4],
        Gen.OneOf(new[] { "", ":1", ":latest", ":V2_x.y-z" }.Select(Gen.Const).ToArray()),
        Gen.OneOf(new[] { "", $"@sha256:{Hex}" }.Select(Gen.Const).ToArray()),
        (host, parts, tag, digest) => host + string.Join('/', parts) + tag + digest);
}
