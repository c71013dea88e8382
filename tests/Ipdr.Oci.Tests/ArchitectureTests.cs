using System.Text.RegularExpressions;

namespace Ipdr.Oci.Tests;

/// <summary>A folder of the library uses what is below it, never what is above.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("Faults", "")]
    [InlineData("Streams", "")]
    [InlineData("Digests", "Faults")]
    [InlineData("Multiformats", "Digests Faults")]
    [InlineData("UnixFs", "Staging Multiformats Folders Faults")]
    [InlineData("Car", "UnixFs Staging Multiformats Folders Faults")]
    [InlineData("Gateways", "Car UnixFs Multiformats Streams Faults")]
    [InlineData("Tar", "Faults")]
    [InlineData("Compression", "Faults")]
    [InlineData("Images", "Compression Digests Faults")]
    [InlineData("Archives", "Images Compression Tar Digests Streams Faults")]
    [InlineData("Folders", "Faults")]
    [InlineData("Staging", "Folders Faults")]
    [InlineData("Layouts", "UnixFs Staging Images Digests Folders Faults")]
    [InlineData("Conversion", "Layouts UnixFs Staging Archives Images Compression Tar Digests Folders Streams Faults")]
    [InlineData("Registries", "Conversion Layouts Archives Compression Car UnixFs Multiformats Images Digests Folders Faults")]
    [InlineData("Resolution", "Registries Staging UnixFs Multiformats Images Digests Faults")]
    [InlineData("Store", "Registries Staging Layouts UnixFs Multiformats Images Digests Folders Faults")]
    [InlineData("Engines", "Archives Images Digests Streams Faults")]
    [InlineData("Distribution", "Gateways Registries Staging Archives Images Digests Streams Faults")]
    [InlineData("Sources", "Distribution Engines Store Multiformats Registries Conversion Layouts Staging Archives Images Compression Digests Folders Streams Faults")]
    [InlineData("Destinations", "Sources Distribution Gateways Engines Store Registries Conversion Layouts Car UnixFs Staging Multiformats Archives Images Compression Tar Digests Folders Streams Faults")]
    [InlineData("Signatures", "Sources Registries Images Digests Faults")]
    [InlineData("Verification", "Signatures Sources Store Registries Conversion Car UnixFs Multiformats Layouts Staging Archives Images Compression Tar Digests Folders Streams Faults")]
    [InlineData("Transfer", "Destinations Sources Distribution Gateways Engines Store Registries Conversion Layouts Car UnixFs Staging Multiformats Images Compression Digests Faults")]
    public void A_concept_mentions_only_what_lies_below_it(string concept, string below) =>
        Assert.Empty(ConceptsMentionedIn(concept).Except([concept, .. below.Split(' ')]));

    [Fact]
    public void Every_folder_of_the_library_is_held_to_the_rule()
    {
        string[] folders = [.. Directory.GetDirectories(Library).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"))];
        Assert.Equal(["Archives", "Car", "Compression", "Conversion", "Destinations", "Digests", "Distribution", "Engines", "Faults", "Folders", "Gateways", "Images", "Layouts", "Multiformats", "Registries", "Resolution", "Signatures", "Sources", "Staging", "Store", "Streams", "Tar", "Transfer", "UnixFs", "Verification"], folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_library_mentions_no_console_and_no_command_line() =>
        Assert.DoesNotContain(Sources(Library), text => text.Contains("System.CommandLine", StringComparison.Ordinal) || text.Contains("Ipdr.Cli", StringComparison.Ordinal));

    private static string Library => Path.Combine(Fixtures.Root, "src", "Ipdr.Oci");

    private static IEnumerable<string> ConceptsMentionedIn(string concept) => Sources(Path.Combine(Library, concept))
        .SelectMany(text => Mention.Matches(text).Select(match => match.Groups[1].Value))
        .Distinct();

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex(@"Ipdr\.Oci\.([A-Z][A-Za-z]+)")]
    private static partial Regex Mention { get; }
}
