using System.Text;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>The tags of a repository, page by page, and lists that are none or have no end.</summary>
public sealed class TagListTests : RegistryTest
{
    private const string Path = "/v2/team/app/tags/list";

    [Theory]
    [InlineData("""</v2/team/app/tags/list?n=2&last=b>; rel="next" """)]
    [InlineData("""</v2/team/app/tags/list?n=2&last=b>; title=a,b; rel=next""")]
    [InlineData("""</v2/>; rel="first", <?n=2&last=b>; REL="next" """)]
    [InlineData("""<http://HOST/v2/team/app/tags/list?n=2&last=b>;rel="next" """)]
    public async Task Page_follows_page_as_the_link_says(string link)
    {
        Answer(request => request.Query.Length == 0
            ? new FakeAnswer(200, """{"name":"team/app","tags":["a","b"]}""", $"Link: {link.Trim().Replace("HOST", Registry.Authority, StringComparison.Ordinal)}")
            : new FakeAnswer(200, """{"name":"team/app","tags":["c"]}"""));
        Assert.Equal(["a", "b", "c"], await ListAsync(Client()));
        Assert.Equal("n=2&last=b", Registry.Asked("GET", Path).Last().Query);
    }

    [Theory]
    [InlineData("""{"name":"team/app","tags":null}""")]
    [InlineData("""{"name":"team/app"}""")]
    [InlineData("""{"tags":[]}""")]
    public async Task A_repository_may_have_no_tags(string body)
    {
        Answer(_ => new FakeAnswer(200, body));
        Assert.Empty(await ListAsync(Client()));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"tags":["../up"]}""")]
    [InlineData("""{"tags":[null]}""")]
    [InlineData("""{"tags":["a\u001b[2J"]}""")]
    public async Task What_is_no_list_of_tags_is_refused(string body)
    {
        Answer(_ => new FakeAnswer(200, body));
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => ListAsync(Client()))).Fault.Code);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pass@127.0.0.1/x")]
    public async Task A_list_does_not_go_on_where_nobody_should_go(string target)
    {
        Answer(_ => new FakeAnswer(200, """{"tags":["a"]}""", $"Link: <{target}>; rel=\"next\""));
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => ListAsync(Client()))).Fault.Code);
    }

    [Fact]
    public async Task A_list_without_end_is_ended()
    {
        Answer(_ => new FakeAnswer(200, """{"tags":[]}""", $"Link: <{Path}?last=a>; rel=\"next\""));
        Assert.Equal(FaultCode.Limit, (await Assert.ThrowsAsync<IpdrException>(() => ListAsync(Client()))).Fault.Code);
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_refused()
    {
        Answer(_ => new FakeAnswer(200, $$"""{"tags":["{{new string('a', Document.MaxBytes)}}"]}"""));
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => ListAsync(Client()))).Fault.Code);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_missed() =>
        Assert.Equal(FaultCode.NotFound, (await Assert.ThrowsAsync<IpdrException>(() => ListAsync(Client()))).Fault.Code);

    [Fact]
    public async Task A_place_of_a_registry_lists_names_and_asks_for_nothing_else()
    {
        Answer(_ => new FakeAnswer(200, Encoding.UTF8.GetBytes("""{"tags":["1.0","latest"]}""")));
        ListedImage[] images = await ImageLister.ListAsync(ImagePlace.Parse($"docker://{Registry.Authority}/team/app"), new PlaceOptions { Registries = Quick }, Cancellation).ToArrayAsync(Cancellation);
        Assert.Equal([new ListedImage($"{Registry.Authority}/team/app:1.0", null), new ListedImage($"{Registry.Authority}/team/app:latest", null)], images);
        Assert.Empty(Registry.Asked("GET", "/manifests/"));
    }

    [Theory]
    [InlineData("team/app:1.0")]
    [InlineData("team/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task One_image_of_a_registry_is_no_list(string name)
    {
        ImagePlace place = ImagePlace.Parse($"docker://{Registry.Authority}/{name}");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(async () => await ImageLister.ListAsync(place, new PlaceOptions { Registries = Quick }, Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal(FaultCode.BadReference, e.Fault.Code);
        Assert.Contains($"docker://{Registry.Authority}/team/app", e.Fault.Remedy, StringComparison.Ordinal);
    }

    private void Answer(Func<FakeRequest, FakeAnswer> answer) => Registry.Intercept = request => request.Path == Path ? answer(request) : null;

    private static async Task<string[]> ListAsync(RegistryClient client)
    {
        List<string> tags = [];
        await foreach (Tag tag in client.ListTagsAsync(Cancellation))
            tags.Add(tag.ToString());
        return [.. tags];
    }
}
