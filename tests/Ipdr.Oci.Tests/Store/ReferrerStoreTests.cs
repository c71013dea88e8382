using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Naming;

namespace Ipdr.Oci.Tests.Store;

/// <summary>What refers to an image is in the store as long as somebody needs it: the image, or a CID that holds both.</summary>
public sealed class ReferrerStoreTests : IDisposable
{
    private static readonly Tag One = Tag.Parse("1");

    private readonly StoreFixture _fixture = new();

    private ContentStore Store => _fixture.Store;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_cid_of_both_holds_both_until_the_image_goes()
    {
        (Digest image, Digest signature, Cid root) = await SignAsync(_fixture);
        await Store.DeleteManifestAsync(StoreFixture.Repository, signature, StoreFixture.Cancellation);
        await CollectAsync();
        Assert.False(await _fixture.HasAsync(signature));
        await new DagReading(Store).ReadAllAsync(root);
        Assert.Equal([image], Store.FindManifests(root));

        await Store.DeleteManifestAsync(StoreFixture.Repository, image, StoreFixture.Cancellation);
        await CollectAsync();
        Assert.Empty(_fixture.Files);
        Assert.False(Store.HasBlock(root));
    }

    [Fact]
    public async Task So_does_a_cid_that_came_from_elsewhere()
    {
        using StoreFixture elsewhere = new();
        (Digest image, _, Cid root) = await SignAsync(elsewhere);
        (_, Digest signature, _) = await SignAsync(_fixture, isNamed: false);
        Assert.True(await Store.AddDagAsync(root, elsewhere.Store, image, StoreFixture.Cancellation));
        await Store.DeleteManifestAsync(StoreFixture.Repository, signature, StoreFixture.Cancellation);
        await CollectAsync();
        await new DagReading(Store).ReadAllAsync(root);
    }

    [Fact]
    public async Task The_cid_of_the_image_alone_stays_that_of_its_tag()
    {
        (Digest image, Digest signature, Cid root) = await SignAsync(_fixture);
        Cid alone = (await Store.FindCidAsync(StoreFixture.Repository, One, StoreFixture.Cancellation))!.Value;
        Assert.NotEqual(root, alone);
        Assert.Equal(root, await NameAsync(_fixture, image, signature));
        Assert.Equal(alone, Assert.Single(Store.ListImages(), listed => listed.Digest == image).Cid);
    }

    [Fact]
    public async Task What_is_not_here_has_no_cid()
    {
        Digest image = await _fixture.PutImageAsync("image", "1");
        Assert.Null(await NameAsync(_fixture, image, Digest.OfContent(DigestAlgorithm.Sha256, [1])));
    }

    [Fact]
    public async Task What_was_taken_out_of_its_repository_goes_before_the_image()
    {
        Digest image = await _fixture.PutImageAsync("image", "1");
        Digest kept = await _fixture.PutImageAsync("kept", null, image), removed = await _fixture.PutImageAsync("removed", null, image);
        await Store.DeleteManifestAsync(StoreFixture.Repository, removed, StoreFixture.Cancellation);
        Assert.Equal([removed], (await CollectAsync()).Manifests);
        Assert.True(await _fixture.HasAsync(image));
        Assert.True(await _fixture.HasAsync(kept));
    }

    // As cosign does it by default, and as COSIGN_REPOSITORY has it: in another repository, perhaps without the image.
    [Fact]
    public async Task What_a_tag_attaches_goes_with_its_image_where_that_is_beside_it()
    {
        Digest image = await _fixture.PutImageAsync("image", "1");
        Digest signature = await _fixture.PutImageAsync("signature", SignatureOf(image).ToString());
        Digest ofOther = await _fixture.PutImageAsync("of another", SignatureOf(Digest.OfContent(DigestAlgorithm.Sha256, [1])).ToString());
        RepositoryName apart = RepositoryName.Parse("signatures");
        Assert.True(await Store.CopyAsync(StoreFixture.Repository, ofOther, apart, SignatureOf(image), StoreFixture.Cancellation));
        Assert.Empty((await CollectAsync()).Manifests);
        await Store.DeleteTagAsync(StoreFixture.Repository, One, StoreFixture.Cancellation);
        Assert.Equal(new[] { image, signature }.Select(digest => digest.ToString()).Order(StringComparer.Ordinal), (await CollectAsync()).Manifests.Select(digest => digest.ToString()));
        Assert.True(await _fixture.HasAsync(ofOther));
        Assert.NotNull(await Store.FindManifestAsync(apart, SignatureOf(image), StoreFixture.Cancellation));
    }

    [Fact]
    public async Task An_image_without_a_tag_is_listed_and_what_refers_to_it_is_not()
    {
        Digest image = await _fixture.PutImageAsync("image");
        Digest referrer = await _fixture.PutImageAsync("referrer", null, image);
        await _fixture.PutImageAsync("of-referrer", null, referrer);
        Assert.Equal(image, Assert.Single(Store.ListImages()).Digest);
        Digest ofNothing = await _fixture.PutImageAsync("of-nothing", null, Digest.OfContent(DigestAlgorithm.Sha256, [1]));
        Assert.Equal(new[] { image, ofNothing }.Select(digest => digest.ToString()).Order(StringComparer.Ordinal), Store.ListImages().Select(listed => listed.Digest.ToString()));
    }

    private Task<CollectionReport> CollectAsync()
    {
        _fixture.Clock.Now += TimeSpan.FromDays(2);
        return Store.CollectAsync(null, StoreFixture.Cancellation);
    }

    // As cosign tags it: the manifest itself does not say of what it speaks.
    private static async Task<(Digest Image, Digest Signature, Cid Root)> SignAsync(StoreFixture fixture, bool isNamed = true)
    {
        Digest image = await fixture.PutImageAsync("image", "1");
        Digest signature = await fixture.PutImageAsync("signature", SignatureOf(image).ToString());
        return (image, signature, isNamed ? (await NameAsync(fixture, image, signature))!.Value : default);
    }

    private static Task<Cid?> NameAsync(StoreFixture fixture, Digest image, Digest signature) =>
        fixture.Store.FindCidAsync(StoreFixture.Repository, One, image, [new StoredReferrer(signature, SignatureOf(image))], StoreFixture.Cancellation);

    private static Tag SignatureOf(Digest image) => ReferrerTag.CosignOf(image).First();
}
