using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Commands;

/// <summary>The options that choose the rules of a DAG, named as in <c>ipfs add</c> where that has them.</summary>
internal static class ProfileOptions
{
    private const string ChunkerPrefix = "size-";

    /// <summary>The profile to start from.</summary>
    public static readonly Option<UnixFsProfile?> Profile = new("--profile")
    {
        Description = $"The rules of the DAG. One of: {string.Join(", ", UnixFsProfile.Known.Select(known => known.Name))}. Default: {UnixFsProfile.Known[0].Name}.",
        HelpName = "PROFILE",
        CustomParser = ParseProfile,
    };

    private static readonly Option<int?> CidVersion = Choices.OptionalOption(
        "--cid-version",
        "The version of CIDs; 1 comes with raw leaves, 0 without.", ("0", 0), ("1", 1));

    private static readonly Option<MultihashCode?> Hash = Choices.OptionalOption(
        "--hash",
        "The hash function; others than sha2-256 need CIDs of version 1.",
        Hashes(MultihashCode.Sha256, MultihashCode.Sha512, MultihashCode.Blake3, MultihashCode.Blake2b256));

    private static readonly Option<int?> Chunker = new("--chunker")
    {
        Description = $"How files are cut: size-N for chunks of N bytes, 1 to {UnixFsProfile.MaxChunkBytes}.",
        HelpName = "size-N",
        CustomParser = ParseChunker,
    };

    private static readonly Option<bool?> RawLeaves = new("--raw-leaves") { Description = "Are chunks blocks as they are? true or false." };

    private static readonly Option<int?> MaxFileLinks = Number("--max-file-links", "Links of a file node.", 2, UnixFsProfile.MostFileLinks);

    private static readonly Option<int?> MaxHamtFanout = new("--max-hamt-fanout")
    {
        Description = $"Buckets of a directory's shard, a power of two. {UnixFsProfile.LeastHamtFanout} to {UnixFsProfile.MostHamtFanout}.",
        HelpName = "N",
        CustomParser = ParseFanout,
    };

    private static readonly Option<int?> HamtThreshold = Number("--hamt-threshold", "Directories above this size in bytes are sharded.", 1, UnixFsProfile.MaxHamtThreshold);

    private static readonly Option<HamtEstimate?> HamtEstimate = Choices.OptionalOption(
        "--hamt-estimate",
        "What the size of a directory is: of its names and CIDs, or of its block.",
        ("links", Oci.UnixFs.HamtEstimate.Links), ("block", Oci.UnixFs.HamtEstimate.Block));

    private static readonly Option<bool> PreserveMode =
        new("--preserve-mode") { Description = "Files and directories carry their POSIX mode; no raw leaves then." };

    private static readonly Option<bool> PreserveMtime =
        new("--preserve-mtime") { Description = "Files and directories carry the time of their last change; no raw leaves then." };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [Profile, CidVersion, Hash, Chunker, RawLeaves, MaxFileLinks, MaxHamtFanout, HamtThreshold, HamtEstimate, PreserveMode, PreserveMtime];

    /// <summary>The rules that were asked for. What is not said follows from what is, as in <c>ipfs add</c>.</summary>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public static UnixFsProfile Read(ParseResult parsed)
    {
        UnixFsProfile start = parsed.GetValue(Profile) ?? UnixFsProfile.V1;
        MultihashCode hash = parsed.GetValue(Hash) ?? start.Hash;
        int version = parsed.GetValue(CidVersion) ?? (hash == MultihashCode.Sha256 ? start.CidVersion : 1);
        bool preserve = parsed.GetValue(PreserveMode) || parsed.GetValue(PreserveMtime);
        bool usualLeaves = version == start.CidVersion ? start.RawLeaves : version == 1;
        UnixFsProfile profile = start with
        {
            CidVersion = version,
            Hash = hash,
            RawLeaves = parsed.GetValue(RawLeaves) ?? (usualLeaves && !preserve),
            ChunkSize = parsed.GetValue(Chunker) ?? start.ChunkSize,
            MaxFileLinks = parsed.GetValue(MaxFileLinks) ?? start.MaxFileLinks,
            MaxHamtFanout = parsed.GetValue(MaxHamtFanout) ?? start.MaxHamtFanout,
            HamtThreshold = parsed.GetValue(HamtThreshold) ?? start.HamtThreshold,
            HamtEstimate = parsed.GetValue(HamtEstimate) ?? start.HamtEstimate,
            PreserveMode = parsed.GetValue(PreserveMode),
            PreserveMtime = parsed.GetValue(PreserveMtime),
        };
        return profile.IsConsistent ? profile : throw new UsageException($"--cid-version 0 knows sha2-256 only, not {hash.Name}");
    }

    private static (string Word, MultihashCode Value)[] Hashes(params MultihashCode[] codes) => [.. codes.Select(code => (code.Name, code))];

    private static UnixFsProfile? ParseProfile(ArgumentResult result)
    {
        string word = result.Tokens[^1].Value;
        foreach ((string name, UnixFsProfile profile) in UnixFsProfile.Known)
        {
            if (name == word)
                return profile;
        }
        result.AddError($"\"{word}\" is not one of {string.Join(", ", UnixFsProfile.Known.Select(known => known.Name))}");
        return null;
    }

    private static int? ParseChunker(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text.StartsWith(ChunkerPrefix, StringComparison.Ordinal))
            return Choices.ParseNumber(result, text[ChunkerPrefix.Length..], 1, UnixFsProfile.MaxChunkBytes);
        result.AddError($"\"{text}\" is no chunker that is known here: only size-N is");
        return null;
    }

    private static Option<int?> Number(string name, string description, int min, int max) => Choices.Number(name, $"{description} {min} to {max}.", min, max);

    private static int? ParseFanout(ArgumentResult result)
    {
        int? value = Choices.ParseNumber(result, result.Tokens[^1].Value, UnixFsProfile.LeastHamtFanout, UnixFsProfile.MostHamtFanout);
        if (value is not { } fanout || BitOperations.IsPow2(fanout))
            return value;
        result.AddError($"{fanout} is no power of two");
        return null;
    }
}
