using System.Reflection;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>What <c>--json</c> prints is described.</summary>
public sealed class JsonDocumentationTests
{
    [Fact]
    public async Task Every_member_of_every_document_is_in_the_documentation()
    {
        DirectoryInfo docs = new(Path.Combine(CommandFolder.Archive("."), "..", "..", "..", "docs"));
        string pages = "";
        foreach (string page in (string[])["json.md", "verify.md"])
            pages += await File.ReadAllTextAsync(Path.Combine(docs.FullName, page), TestContext.Current.CancellationToken);
        PropertyInfo[] members = [.. typeof(ExitCode).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Document", StringComparison.Ordinal) || type.Name.EndsWith("Documents", StringComparison.Ordinal) || type.Name == "VerificationSummary")
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public))];
        Assert.True(members.Length > 100);
        Assert.DoesNotContain(members, member => JsonNamingPolicy.CamelCase.ConvertName(member.Name) is var name && !pages.Contains($"`{name}`", StringComparison.Ordinal) && !pages.Contains($"\"{name}\":", StringComparison.Ordinal));
    }
}
