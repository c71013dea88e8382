using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What is removed from a registry is what was said, and nothing that another tag needs.</summary>
public sealed class RegistryRemovalTests : RegistryTest
{
    [Fact]
    public async Task A_tag_goes_alone_where_the_registry_can_do_that()
    {
        Descriptor image = Add("1", "latest");
        Assert.Null(await RemoveAsync(":1"));
        Assert.Equal(["latest"], Tags());
        Assert.True(Registry.Manifests.ContainsKey(image.Digest.ToString()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Its_manifest_goes_where_the_registry_cannot_and_no_other_tag_needs_it(int status)
    {
        await using FakeRegistry registry = new() { TagDeletion = status };
        Descriptor image = Add(registry, "{}", "1");
        Descriptor other = Add(registry, "{ }", "2");
        Assert.Equal(image.Digest, await RemoveAsync(":1", registry));
        Assert.Equal([other.Digest.ToString(), "2"], registry.Manifests.Keys.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_goes_where_other_tags_have_the_same_manifest()
    {
        await using FakeRegistry registry = new() { TagDeletion = 405 };
        Descriptor image = Add(registry, "{}", [.. Enumerable.Range(10, 30).Select(i => $"{i}")]);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(":10", registry));
        Assert.Equal(FaultCode.RegistryFailed, e.Fault.Code);
        Assert.Contains("needed by other tags: 11, 12,", e.Fault.What, StringComparison.Ordinal);
        Assert.EndsWith(", 30 and 9 more", e.Fault.What, StringComparison.Ordinal);
        Assert.EndsWith($"ipdr rm docker://{registry.Authority}/team/app@{image.Digest}", e.Fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(31, registry.Manifests.Count);
        Assert.DoesNotContain(registry.Asked("DELETE", ""), request => request.Path.Contains("sha256:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Nothing_goes_where_an_index_of_another_tag_has_the_manifest_at_any_depth(int depth)
    {
        await using FakeRegistry registry = new() { TagDeletion = 405 };
        Descriptor inner = Add(registry, "{}", "amd64");
        for (int i = 1; i <= depth; i++)
            inner = registry.AddManifest(i == depth ? "all" : "hidden", Document.Write(new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [inner] }).ToArray(), MediaType.OciIndex);
        registry.Manifests.TryRemove("hidden", out _);
        Assert.EndsWith(": all", (await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(":amd64", registry))).Fault.What, StringComparison.Ordinal);
        Assert.True(registry.Manifests.ContainsKey("amd64"));
        Assert.Equal(inner.Digest, await RemoveAsync(":all", registry));
        Assert.NotNull(await RemoveAsync(":amd64", registry));
    }

    [Fact]
    public async Task Nothing_goes_where_nobody_can_tell_who_needs_it()
    {
        await using FakeRegistry registry = new() { TagDeletion = 405 };
        Add(registry, "{}", "1");
        registry.Intercept = request => request.Path.EndsWith("/tags/list", StringComparison.Ordinal) ? new FakeAnswer(404) : null;
        await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(":1", registry));
        registry.Intercept = request => request.Path.EndsWith("/2", StringComparison.Ordinal) ? new FakeAnswer(200, "<html>") : null;
        Add(registry, "{ }", "2");
        await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(":1", registry));
        Assert.Equal(4, registry.Manifests.Count);
    }

    [Fact]
    public async Task Who_says_the_digest_means_all_its_tags()
    {
        Descriptor image = Add("1", "latest");
        Assert.Equal(image.Digest, await RemoveAsync("@" + image.Digest));
        Assert.Empty(Registry.Manifests);
    }

    [Theory]
    [InlineData(":none")]
    [InlineData("@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task What_is_not_there_is_missed(string name)
    {
        Add("1");
        Assert.Equal(FaultCode.NotFound, (await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(name))).Fault.Code);
        Assert.Equal(["1"], Tags());
    }

    [Theory]
    [InlineData(":1")]
    [InlineData("@")]
    public async Task A_registry_that_deletes_nothing_is_told(string name)
    {
        await using FakeRegistry registry = new() { TagDeletion = 405, ManifestDeletion = 405 };
        Descriptor image = Add(registry, "{}", "1");
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(name == "@" ? name + image.Digest : name, registry))).Fault;
        Assert.Equal((FaultCode.RegistryFailed, "the registry does not delete manifests: 405 not here"), (fault.Code, fault.What));
    }

    [Fact]
    public async Task What_cannot_be_read_can_be_deleted()
    {
        Descriptor broken = Registry.AddManifest("1", "<html>"u8.ToArray(), MediaType.Parse("application/vnd.example"));
        await RemoveAsync("@" + broken.Digest);
        Assert.Empty(Registry.Manifests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_referrer_that_goes_leaves_the_list_that_clients_keep(bool tagged)
    {
        await using FakeRegistry registry = new() { TagDeletion = 405 };
        Descriptor image = Add(registry, "{}", "1");
        Descriptor one = registry.AddManifest("signature", Referrer(image, "one"), MediaType.OciManifest), other = registry.AddManifest("other", Referrer(image, "other"), MediaType.OciManifest);
        string list = $"sha256-{image.Digest.Encoded}";
        registry.AddManifest(list, Document.Write(new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [one, other] }).ToArray(), MediaType.OciIndex);
        await RemoveAsync(tagged ? ":signature" : "@" + one.Digest, registry);
        Assert.Equal([other], Document.ReadIndex(registry.Manifests[list].Content, "").Manifests);
        Assert.False(registry.Manifests.ContainsKey("signature"));
    }

    [Fact]
    public async Task The_token_is_for_what_the_registry_asks_for()
    {
        Add("1");
        Registry.Intercept = request => request.Path == "/token" ? new FakeAnswer(200, """{"token":"t"}""")
            : request["authorization"] == "Bearer t" || request.Path == "/v2/" ? null
            : new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{Registry.Authority}/token\",scope=\"repository:team/app:delete\"");
        await RemoveAsync(":1");
        Assert.Contains("scope=repository:team/app:delete", Registry.Asked("GET", "/token").Single().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_is_told_and_nothing_else_is_tried()
    {
        Add("1");
        Registry.Intercept = request => request.Method == "DELETE" ? new FakeAnswer(403) : null;
        Assert.Equal(FaultCode.Unauthorized, (await Assert.ThrowsAsync<IpdrException>(() => RemoveAsync(":1"))).Fault.Code);
        Assert.Single(Registry.Asked("DELETE", ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task It_has_to_be_said_what_is_meant(string name) => await Assert.ThrowsAsync<ArgumentException>(() => RemoveAsync(name));

    private static byte[] Manifest(string config, Descriptor? subject = null) => Document.Write(new ImageManifest(2)
    {
        MediaType = MediaType.OciManifest,
        Config = new Descriptor(MediaType.OciConfig, Digest.OfContent(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(config)), config.Length),
        Subject = subject,
    }).ToArray();

    private static byte[] Referrer(Descriptor subject, string config) => Manifest(config, subject);

    private static Descriptor Add(FakeRegistry registry, string config, params string[] tags)
    {
        byte[] content = Manifest(config);
        return tags.Select(tag => registry.AddManifest(tag, content, MediaType.OciManifest)).ToArray()[0];
    }

    private Descriptor Add(params string[] tags) => Add(Registry, "{}", tags);

    private IEnumerable<string> Tags() => Registry.Manifests.Keys.Where(key => !key.Contains(':', StringComparison.Ordinal));

    private Task<Digest?> RemoveAsync(string name, FakeRegistry? registry = null) =>
        RegistryRemoval.RemoveAsync(ImageReference.Parse($"{(registry ?? Registry).Authority}/team/app{name}"), Quick, Cancellation);
}
