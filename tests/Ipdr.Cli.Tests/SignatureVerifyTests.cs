using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary><c>ipdr verify --key</c> of what cosign has signed, wherever it lies.</summary>
public sealed class SignatureVerifyTests : IDisposable
{
    private const string Image = "127.0.0.1:5871/fixture/tag:1", Digest = "sha256:401f7adc05a00ae3db9bd3e2a0fca5dd9a6264dc93f7c09b91fa585618ab9169";

    private static readonly string Signed = Signature("cosign-tag.tar"), Key = Signature("p256.pub"), Other = Signature("other.pub");

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_tells_which_key_has_signed_which_image_and_what_the_signer_claims()
    {
        (int code, string output, string error) = await RunAsync("verify", Signed, "--key", Other, "--key", Key);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"signed: {Image} ({Digest}) with {Key} (ECDSA P-256); the signer claims: as 127.0.0.1:5871/fixture/tag, build=42, channel=stable\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[unsigned]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_signed_with_another_key_is_an_error_in_every_form_of_the_report()
    {
        (int code, string output, _) = await RunAsync("verify", Signed, "--key", Other);
        Assert.Equal(1, code);
        Assert.Contains($"{Image} is not signed with {Other} (found 1 signature by another key) [unsigned]", output, StringComparison.Ordinal);
        (code, string sarif, _) = await RunAsync("verify", Signed, "--key", Other, "--sarif");
        Assert.Equal(1, code);
        Assert.Contains(JsonDocument.Parse(sarif).RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(), result => result.GetProperty("ruleId").GetString() == "unsigned");
        Assert.Equal(1, (await RunAsync("verify", Signed, "--key", Other, "-s", "--quick")).Code);
    }

    [Fact]
    public async Task Json_has_the_key_the_manifest_and_the_claims()
    {
        (int code, string output, _) = await RunAsync("verify", Signed, "--json", "--key", Key);
        Assert.Equal(0, code);
        JsonElement image = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("signed").EnumerateArray());
        Assert.Equal((Image, Digest, true), (image.GetProperty("names")[0].GetString(), image.GetProperty("digest").GetString(), image.GetProperty("ok").GetBoolean()));
        JsonElement signature = Assert.Single(image.GetProperty("signatures").EnumerateArray());
        Assert.Equal((Key, "simple-signing", "127.0.0.1:5871/fixture/tag"), (signature.GetProperty("key").GetString(), signature.GetProperty("form").GetString(), signature.GetProperty("reference").GetString()));
        Assert.Equal("42", signature.GetProperty("annotations").GetProperty("build").GetString());
        (_, output, _) = await RunAsync("verify", Signed, "--json");
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(output).RootElement.GetProperty("signed").ValueKind);
    }

    [Theory]
    [InlineData("tag", "oci:", "")]
    [InlineData("tag", "oci:", ":" + Image)]
    [InlineData("tag", "universal:", "")]
    [InlineData("tag", "registry-v2:", "")]
    [InlineData("tag", "", "")]
    [InlineData("subject", "oci:", "")]
    [InlineData("statement", "oci:", "")]
    [InlineData("statement", "registry-v2:", "")]
    [InlineData("message", "registry-v2:", "")]
    [InlineData("index", "oci:", "")]
    public async Task Signatures_are_found_where_a_copy_brought_them(string fixture, string kind, string reference)
    {
        string place = (kind.Length > 0 ? kind : "oci:") + _folder["copy"];
        Assert.Equal(0, (await RunAsync("copy", "-a", "-s", "--referrers", "oci-archive:" + Signature($"cosign-{fixture}.tar"), place)).Code);
        place = kind + _folder["copy"] + reference;
        (int code, string output, string error) = await RunAsync("verify", place, "--key", Key);
        Assert.True(code == 0, output + error);
        Assert.Contains("signed: ", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("verify", place, "--key", Other)).Code);
    }

    [Theory]
    [InlineData("store:")]
    [InlineData("store:fixture/tag:1")]
    [InlineData("car:")]
    public async Task Signatures_are_found_in_the_store_and_in_cars(string place)
    {
        if (place == "car:")
        {
            Assert.Equal(0, (await RunAsync("copy", "-a", "-s", "--referrers", "oci-archive:" + Signed, "universal:" + _folder["copy"])).Code);
            Assert.Equal(0, (await RunAsync("cid", "-s", _folder["copy"], "--car", _folder["copy.car"])).Code);
            place += _folder["copy.car"];
        }
        else
        {
            Assert.Equal(0, (await RunAsync("copy", "-a", "-s", "--referrers", "oci-archive:" + Signed, "store:")).Code);
        }
        (int code, string output, string error) = await RunAsync("verify", place, "--key", Key);
        Assert.True(code == 0, output + error);
        Assert.Contains("signed: ", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("verify", place, "--key", Other)).Code);
    }

    [Fact]
    public async Task Signatures_of_one_image_in_several_repositories_are_all_found_in_one_layout()
    {
        foreach (string fixture in (string[])["tag", "keys"])
            Assert.Equal(0, (await RunAsync("copy", "-a", "-s", "--referrers", "oci-archive:" + Signature($"cosign-{fixture}.tar"), "oci:" + _folder["copy"])).Code);
        (int code, string output, _) = await RunAsync("verify", _folder["copy"], "--key", Key, "--key", Signature("rsa.pub"));
        Assert.Equal(0, code);
        Assert.Contains("build=42", output, StringComparison.Ordinal);
        Assert.Contains("(RSA 2048)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payload_that_was_changed_since_is_no_signature()
    {
        Assert.Equal(0, (await RunAsync("copy", "-a", "-s", "--referrers", "oci-archive:" + Signed, "oci:" + _folder["copy"])).Code);
        string payload = Directory.EnumerateFiles(_folder["copy/blobs/sha256"]).Single(path => File.ReadAllText(path).StartsWith("{\"critical\"", StringComparison.Ordinal));
        await File.WriteAllTextAsync(payload, (await File.ReadAllTextAsync(payload, TestContext.Current.CancellationToken)).Replace("stable", "latest", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (int code, string output, _) = await RunAsync("verify", _folder["copy"], "--key", Key);
        Assert.Equal(1, code);
        Assert.Contains("[bad-signature]", output, StringComparison.Ordinal);
        Assert.Contains("[unsigned]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_referrers_an_image_is_not_signed()
    {
        Assert.Equal(0, (await RunAsync("copy", "-s", $"oci-archive:{Signed}:{Image}", "oci:" + _folder["copy"])).Code);
        (int code, string output, _) = await RunAsync("verify", _folder["copy"], "--key", Key);
        Assert.Equal(1, code);
        Assert.Contains("(found no signature) [unsigned]\n  Bring its signatures along with ipdr copy --referrers", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519.pub", "it is an Ed25519 key")]
    [InlineData("cosign-tag.tar", "there is no PEM in it")]
    [InlineData("absent.pub", "the file cannot be read")]
    [InlineData(".", "the file cannot be read")]
    public async Task A_file_that_holds_no_key_that_can_be_used_is_a_wrong_command_line(string key, string why)
    {
        (int code, string output, string error) = await RunAsync("verify", Signed, "--key", Key, "--key", Signature(key));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"ipdr verify: --key {Signature(key)}: {why}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("docker-daemon:app")]
    [InlineData("layout", "--repair-from", "other")]
    public async Task What_cannot_hold_signatures_is_refused(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(["verify", "--key", Key, .. arguments]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("ipdr verify: --key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_of_docker_save_is_not_signed()
    {
        (int code, string output, _) = await RunAsync("verify", CommandFolder.Archive("docker2010-one.tar"), "--key", Key);
        Assert.Equal(1, code);
        Assert.Contains("[unsigned]", output, StringComparison.Ordinal);
    }

    private static string Signature(string name) => Path.GetFullPath(Path.Combine(CommandFolder.Archive("."), "..", "signatures", name));

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(IpdrProcess.Host, [IpdrProcess.Program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["IPDR_HOME"], start.Environment["XDG_CACHE_HOME"]) = (_folder["home"], _folder["cache"]);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
