using Ipdr.Oci.Images;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>Which of the things in a place have to be signed.</summary>
public sealed class SignedImagesTests : IAsyncDisposable
{
    private static readonly TestSigner Signer = TestSigner.Default;

    private readonly SignedPlace _place = new();

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task An_image_under_several_names_is_one()
    {
        _place.Name(_place.Image, "latest");
        Assert.Equal(["1.0", "latest"], (await _place.VerifyAsync(Signer.Key)).Names);
    }

    [Fact]
    public async Task Each_image_needs_a_signature_of_its_own()
    {
        Sign(_place.Image);
        _place.Name(Runnable(7), "2.0");
        Assert.Equal([true, false], (await _place.VerifyAllAsync(Signer.Key)).Select(image => image.IsSigned));
    }

    [Fact]
    public async Task What_a_signed_index_lists_is_signed_with_it_and_not_the_other_way_around()
    {
        Descriptor part = Runnable(7), nested = _place.AddIndex(part), index = _place.AddIndex(_place.Image, nested);
        _place.Name(index, "all");
        _place.Name(part, null);
        Sign(_place.Image);
        Assert.Equal([true, false, false], (await _place.VerifyAllAsync(Signer.Key)).Select(image => image.IsSigned));
        Sign(index);
        SignedImage[] images = [.. await _place.VerifyAllAsync(Signer.Key)];
        Assert.Equal([null, null, index.Digest], images.Select(image => image.PartOf));
        Assert.True(images.All(image => image.IsSigned));
        Assert.Empty(images[2].Signatures);
    }

    [Fact]
    public async Task Signatures_and_the_like_need_none()
    {
        Descriptor tagged = Sign(_place.Image), referring = _place.Attach(tagged: false, ("text/spdx", [1], null));
        _place.Name(tagged, $"sha256-{_place.Image.Digest.Encoded}.sig");
        _place.Name(referring, null);
        _place.Name(_place.AddIndex(referring), $"sha256-{_place.Image.Digest.Encoded}");
        _place.Name(_place.Add("text/plain", [1]), "readme");
        Assert.Equal(_place.Image.Digest, (await _place.VerifyAsync(Signer.Key)).Digest);
    }

    [Fact]
    public async Task An_image_cannot_be_hidden_among_signatures()
    {
        Sign(_place.Image);
        string tag = $"sha256-{_place.Image.Digest.Encoded}";
        Descriptor hidden = Runnable(7), speaking = Speaking(MediaType.OciConfig.ToString(), MediaType.OciLayerGzip.ToString());
        _place.Name(hidden, $"{tag}.sig");
        _place.Name(speaking, null);
        _place.Name(Speaking(MediaType.DockerConfig.ToString(), "application/vnd.oci.image.layer.v1.tar+later"), null);
        _place.Name(_place.AddIndex(hidden), tag);
        _place.Name(_place.AddIndex(speaking), null);
        Assert.Equal([true, false, false, false, false, false], (await _place.VerifyAllAsync(Signer.Key)).Select(image => image.IsSigned));
    }

    [Fact]
    public async Task A_signature_that_is_asked_for_by_itself_has_to_be_signed()
    {
        Descriptor holder = Sign(_place.Image);
        _place.Forget();
        _place.Name(holder, $"sha256-{_place.Image.Digest.Encoded}.sig");
        Assert.False((await _place.VerifyAsync(Signer.Key)).IsSigned);
        Sign(holder);
        Assert.True((await _place.VerifyAsync(Signer.Key)).IsSigned);
    }

    private Descriptor Sign(Descriptor manifest) => _place.Attach(manifest, tagged: true, Signer.Simple(TestSigner.Payload(manifest.Digest)));

    private Descriptor Runnable(byte content) => _place.AddManifest(_place.ManifestOf(MediaType.OciConfig.ToString(), (MediaType.OciLayer.ToString(), [content], null)));

    private Descriptor Speaking(string config, string layer)
    {
        System.Text.Json.Nodes.JsonObject manifest = _place.ManifestOf(config, (layer, [9], null));
        manifest["subject"] = SignedPlace.Json(_place.Image);
        return _place.AddManifest(manifest);
    }
}
