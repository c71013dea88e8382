using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Tests.Transfer;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What refers to manifests of a registry, whether it can tell that or not.</summary>
public sealed class RegistryReferrersTests : RegistryTest
{
    private static readonly Digest Subject = Digest.OfContent(DigestAlgorithm.Sha256, "subject"u8);

    private static string ListTag => ReferrerTag.ListOf(Subject).ToString();

    [Fact]
    public async Task All_pages_are_read()
    {
        Registry.Intercept = request => request.Path != $"/v2/team/app/referrers/{Subject}" ? null
            : request.Query == "" ? Page(Descriptors(0, 2), $"Link: </v2/team/app/referrers/{Subject}?last=2>; rel=\"next\"")
            : Page(Descriptors(2, 1));
        Assert.Equal(Descriptors(0, 3), await ListAsync());
    }

    [Theory]
    [InlineData("<{0}?last=2>;rel=next")]
    [InlineData("<{0}?n=1>; rel=\"prev\", <{0}?last=2>; title=\"x\"; rel=\"next\"")]
    [InlineData("<{0}?last=2>; rel=\"next\"; title=\"more\"")]
    public async Task The_next_page_is_found_in_a_link_as_it_may_be_written(string link)
    {
        string path = $"/v2/team/app/referrers/{Subject}";
        Registry.Intercept = request => request.Path != path ? null
            : request.Query == "last=2" ? Page(Descriptors(1, 1)) : Page(Descriptors(0, 1), "Link: " + link.Replace("{0}", path, StringComparison.Ordinal));
        Assert.Equal(Descriptors(0, 2), await ListAsync());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Pages_without_end_are_given_up(int entries)
    {
        int next = 0;
        Registry.Intercept = request => request.Path.Contains("/referrers/", StringComparison.Ordinal)
            ? Page(Descriptors(next += 1000, entries), $"Link: <{request.Path}?last={next}>; rel=\"next\"") : null;
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(ListAsync);
        Assert.Equal(FaultCode.Limit, e.Fault.Code);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(400)]
    [InlineData(501)]
    public async Task Where_the_registry_does_not_know_the_question_the_list_under_a_tag_answers(int status)
    {
        Registry.Intercept = request => request.Path.Contains("/referrers/", StringComparison.Ordinal) ? new FakeAnswer(status) : null;
        Assert.Empty(await ListAsync());
        Registry.AddManifest(ListTag, Index(Descriptors(0, 2)), MediaType.OciIndex);
        Assert.Equal(Descriptors(0, 2), await ListAsync());
    }

    [Fact]
    public async Task A_web_page_is_no_answer()
    {
        Registry.Intercept = request => request.Path.Contains("/referrers/", StringComparison.Ordinal) ? new FakeAnswer(200, "<html>", "Content-Type: text/html") : null;
        Registry.AddManifest(ListTag, Index(Descriptors(0, 1)), MediaType.OciIndex);
        Assert.Equal(Descriptors(0, 1), await ListAsync());
    }

    [Fact]
    public async Task A_refusal_is_not_taken_for_nothing()
    {
        Registry.Intercept = request => request.Path.Contains("/referrers/", StringComparison.Ordinal) ? new FakeAnswer(403, """{"errors":[{"code":"DENIED","message":"not for you"}]}""") : null;
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(ListAsync);
        Assert.Equal(FaultCode.Unauthorized, e.Fault.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_registry_does_not_list_is_noted_down_beside_what_was(bool lists)
    {
        MemorySource source = new();
        Descriptor image = source.AddImage("linux/amd64", "example.com/x:1", 100);
        Descriptor signature = source.AddArtifact("application/vnd.example.signature", image, 10);
        source.Claim(image, signature);
        string tag = ReferrerTag.ListOf(image.Digest).ToString();
        Registry.AddManifest(tag, Index(Descriptors(0, 1)), MediaType.OciIndex);
        byte[] before = Registry.Manifests[tag].Content;
        if (lists)
            Registry.Intercept = request => request.Method == "PUT" && request.Path.EndsWith(signature.Digest.ToString(), StringComparison.Ordinal) ? new FakeAnswer(201, "", $"OCI-Subject: {image.Digest}") : null;

        for (int times = 0; times < 2; times++)
        {
            await using RegistryDestination destination = new(new RegistryClient(ImageReference.Parse($"{Registry.Authority}/team/app:1"), Quick));
            await ImageCopier.CopyAsync(source, destination, new CopyOptions { Referrers = true }, cancellationToken: Cancellation);
        }

        ImageIndex after = Document.ReadIndex(Registry.Manifests[tag].Content, tag);
        if (lists)
            Assert.Equal(before, Registry.Manifests[tag].Content);
        else
            Assert.Equal([.. Descriptors(0, 1).Select(descriptor => descriptor.Digest), signature.Digest], after.Manifests.Select(descriptor => descriptor.Digest));
    }

    [Fact]
    public async Task Tags_of_cosign_are_found_and_written()
    {
        byte[] config = "{}"u8.ToArray();
        Descriptor blob = Registry.AddBlob(config);
        Descriptor image = Registry.AddManifest("1", Manifest(blob, "a"), MediaType.OciManifest);
        string tag = $"sha256-{image.Digest.Encoded}.att";
        Descriptor attestation = Registry.AddManifest(tag, Manifest(blob, "b"), MediaType.OciManifest);

        await using RegistrySource source = new(new RegistryClient(ImageReference.Parse($"{Registry.Authority}/team/app:1"), Quick));
        FoundReferrer found = Assert.Single(await source.ListReferrersAsync(image, Cancellation));
        Assert.Equal((attestation.Digest, tag), (found.Descriptor.Digest, found.Tag.ToString()));

        await using FakeRegistry other = new();
        await using RegistryDestination destination = new(new RegistryClient(ImageReference.Parse($"{other.Authority}/team/app:1"), Quick));
        await ImageCopier.CopyAsync(source, destination, new CopyOptions { Referrers = true }, cancellationToken: Cancellation);
        Assert.Equal(Registry.Manifests[tag].Content, other.Manifests[tag].Content);
    }

    private Task<IReadOnlyList<Descriptor>> ListAsync() => new RegistryReferrers(Client()).ListAsync(Subject, Cancellation);

    private static Descriptor[] Descriptors(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => new Descriptor(MediaType.OciManifest, Digest.OfContent(DigestAlgorithm.Sha256, BitConverter.GetBytes(i)), 100 + i))];

    private static byte[] Index(Descriptor[] manifests) => Document.Write(new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = manifests }).ToArray();

    private static byte[] Manifest(Descriptor config, string what) =>
        Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, ArtifactType = $"application/vnd.example.{what}", Config = config, Layers = [] }).ToArray();

    private static FakeAnswer Page(Descriptor[] manifests, params string[] headers) => new(200, Index(manifests), [$"Content-Type: {MediaType.OciIndex}", .. headers]);
}
