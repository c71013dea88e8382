using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>What cosign signs in a registry is signed here too, there and in what was copied from it; what was changed since, or is by another key, is not.</summary>
public sealed class SignatureTests(DistributionServer registry) : IClassFixture<DistributionServer>
{
    private const string SignPredicate = "https://sigstore.dev/cosign/sign/v1";

    private static readonly string[] Reach = ["--allow-insecure-registry", "--allow-http-registry"];

    [Theory]
    [InlineData("tag")]
    [InlineData("subject")]
    [InlineData("statement")]
    public async Task A_signature_of_cosigns_is_good_until_a_byte_of_it_changes(string form)
    {
        ExternalProgram cosign = ExternalProgram.Require("cosign") with { Environment = new Dictionary<string, string> { ["COSIGN_PASSWORD"] = "", ["COSIGN_EXPERIMENTAL"] = "1" } };
        using TemporaryFolder folder = new();
        CopyProgram ipdr = new(folder);
        string name = $"{registry.Host}/signed/{form}:1", image = $"docker://{name}";
        await ipdr.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, image);
        foreach (string key in (string[])["ours", "theirs"])
            (await cosign.RunAsync("generate-key-pair", "--output-key-prefix", folder[key])).OrFail();
        await AssertAsync(ipdr, false, image, folder["ours.pub"]);
        await SignAsync(cosign, form, folder, name);

        await AssertAsync(ipdr, true, image, folder["ours.pub"]);
        await AssertAsync(ipdr, true, image, folder["theirs.pub"], folder["ours.pub"]);
        await AssertAsync(ipdr, false, image, folder["theirs.pub"]);
        await ipdr.CopyAsync("--referrers", image, "oci:" + folder["layout"]);
        await AssertAsync(ipdr, true, folder["layout"], folder["ours.pub"]);
        await AssertAsync(ipdr, false, folder["layout"], folder["theirs.pub"]);

        await TamperAsync(folder["layout"]);
        await AssertAsync(ipdr, false, folder["layout"], folder["ours.pub"]);
    }

    private static async Task SignAsync(ExternalProgram cosign, string form, TemporaryFolder folder, string name)
    {
        await File.WriteAllTextAsync(folder["predicate.json"], "{}", TestContext.Current.CancellationToken);
        string[] arguments = form switch
        {
            "tag" => ["sign"],
            "subject" => ["sign", "--registry-referrers-mode=oci-1-1"],
            // What cosign 3 writes for a signature; the one of Debian has no option of its own for it yet.
            _ => ["attest", "--new-bundle-format", "--type", SignPredicate, "--predicate", folder["predicate.json"]],
        };
        (await cosign.RunAsync([.. arguments, "--yes", "--tlog-upload=false", "--key", folder["ours.key"], .. Reach, name])).OrFail();
    }

    // What the signer said becomes another text of the same length, and all that names it is written anew, so that nothing but the signature tells.
    private static async Task TamperAsync(string layout)
    {
        foreach (string path in Directory.GetFiles(Path.Combine(layout, "blobs", "sha256")).Where(File.Exists))
        {
            string text = await ReadAsync(path);
            if (text.StartsWith("{\"critical\"", StringComparison.Ordinal))
                await ReplaceAsync(layout, path, Forged(text));
            else if (text.Contains("\"dsseEnvelope\"", StringComparison.Ordinal) && JsonNode.Parse(text)!["dsseEnvelope"]!["payload"]!.GetValue<string>() is { } payload)
                await ReplaceAsync(layout, path, text.Replace(payload, Convert.ToBase64String(Encoding.Latin1.GetBytes(Forged(Encoding.Latin1.GetString(Convert.FromBase64String(payload))))), StringComparison.Ordinal));
        }

        static string Forged(string text) => text.Replace("/signed/", "/forged/", StringComparison.Ordinal);
    }

    private static async Task ReplaceAsync(string layout, string path, string content)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        Assert.Equal(new FileInfo(path).Length, bytes.Length);
        string was = Path.GetFileName(path), now = Convert.ToHexStringLower(SHA256.HashData(bytes)), blobs = Path.GetDirectoryName(path)!, index = Path.Combine(layout, "index.json");
        Assert.NotEqual(was, now);
        File.Delete(path);
        await File.WriteAllBytesAsync(Path.Combine(blobs, now), bytes, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(index, (await File.ReadAllTextAsync(index, TestContext.Current.CancellationToken)).Replace(was, now, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        foreach (string other in Directory.GetFiles(blobs).Where(File.Exists))
        {
            if (await ReadAsync(other) is { } text && text.Contains(was, StringComparison.Ordinal))
                await ReplaceAsync(layout, other, text.Replace(was, now, StringComparison.Ordinal));
        }
    }

    private static async Task<string> ReadAsync(string path) => Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));

    private static async Task AssertAsync(CopyProgram ipdr, bool signed, string place, params string[] keys)
    {
        ProgramResult result = await ipdr.Program.RunAsync(["verify", place, .. keys.SelectMany(key => (string[])["--key", key])]);
        Assert.True(result.ExitCode == (signed ? 0 : 1), result.Text + result.Errors);
        Assert.Contains(signed ? "signed: " : "[unsigned]", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("-mismatch]", result.Text, StringComparison.Ordinal);
    }
}
