using System.Net;
using System.Text.Json;

namespace Ipdr.Server.Tests;

/// <summary>What answers must look like.</summary>
internal static class Answers
{
    public static string Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values) || answer.Content.Headers.TryGetValues(name, out values) ? Assert.Single(values) : "";

    /// <summary>The answer is a refusal with that code, in the form that the spec gives.</summary>
    public static async Task RefusesAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await sending;
        string body = await answer.Content.ReadAsStringAsync(TestRegistry.Cancellation);
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {body}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        using JsonDocument document = JsonDocument.Parse(body);
        Assert.All(document.RootElement.GetProperty("errors").EnumerateArray(), error =>
        {
            Assert.Equal(code, error.GetProperty("code").GetString());
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
        });
        Assert.NotEmpty(document.RootElement.GetProperty("errors").EnumerateArray());
    }

    public static async Task<HttpResponseMessage> IsAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        HttpResponseMessage answer = await sending;
        if (status != answer.StatusCode)
            Assert.Fail($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestRegistry.Cancellation)}");
        return answer;
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestRegistry.Cancellation)).RootElement;

    public static async Task<byte[]> BytesAsync(this HttpResponseMessage answer) => await answer.Content.ReadAsByteArrayAsync(TestRegistry.Cancellation);
}
