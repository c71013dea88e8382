using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Holds a folder against the CID that it should have.</summary>
/// <remarks>A CID does not say by which rules it was made, but for its version and hash; so the rules with a name are tried that can give it.</remarks>
internal static class CidCheck
{
    /// <summary>Checks a folder, and files the outcome with its item.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">The CID that it should have.</param>
    /// <param name="blocks">A CAR of what has that CID, to tell where the folder differs; null when there is none.</param>
    /// <param name="item">Takes the findings.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IpdrException">Something in the folder, or the CAR, cannot be read.</exception>
    public static async Task RunAsync(string folder, Cid wanted, string? blocks, CheckedItem item, CancellationToken cancellationToken)
    {
        List<(string Name, Dag Dag)> tried = [];
        foreach ((string name, UnixFsProfile profile) in UnixFsProfile.Known.Where(known => known.Profile.CidVersion == wanted.Version))
        {
            ImportOptions options = new() { Profile = profile.CidVersion == 0 ? profile : profile with { Hash = wanted.Hash.Code }, KeepBlocks = blocks is not null };
            Dag dag = await UnixFsImporter.ImportAsync(folder, options, cancellationToken).ConfigureAwait(false);
            if (dag.Root == wanted)
            {
                item.AddChild(new CheckedItem(CheckedKind.View, wanted.ToString()) { Detail = name });
                return;
            }
            tried.Add((name, dag));
        }
        string found = string.Join(", ", tried.Select(one => $"{one.Dag.Root} ({one.Name})"));
        string? difference = blocks is null ? null : await FirstDifferenceAsync(blocks, wanted, [.. tried.Select(one => one.Dag)], cancellationToken).ConfigureAwait(false);
        item.Add(Finding.Of(
            FaultCode.CidMismatch,
            "the folder does not have the CID that it should have" + (difference is null ? "" : "; " + difference),
            new Place(""),
            wanted.ToString(),
            found));
    }

    // By the rules that made the CID most paths agree; by others none does.
    private static async Task<string> FirstDifferenceAsync(string blocks, Cid wanted, IReadOnlyList<Dag> tried, CancellationToken cancellationToken)
    {
        using CarFile car = await CarFile.OpenAsync(blocks, cancellationToken: cancellationToken).ConfigureAwait(false);
        SortedDictionary<string, Cid> expected = new(StringComparer.Ordinal);
        HashSet<string> folders = new(StringComparer.Ordinal);
        DagReader dags = new(car);
        await dags.MeasureAsync(ContentPath.Of(wanted), cancellationToken).ConfigureAwait(false);
        await foreach (UnixFsEntry entry in dags.WalkAsync(ContentPath.Of(wanted), cancellationToken).ConfigureAwait(false))
        {
            expected[entry.Path] = entry.Cid;
            if (entry.Kind == DagEntryKind.Directory)
                folders.Add(entry.Path);
        }
        Dictionary<string, Cid> actual = tried.Select(dag => dag.Entries().ToDictionary(entry => entry.Path, entry => entry.Cid, StringComparer.Ordinal))
            .MaxBy(entries => entries.Count(entry => expected.TryGetValue(entry.Key, out Cid cid) && cid == entry.Value)) ?? [];
        // A folder differs because of what is in it.
        foreach (string path in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            if (!actual.TryGetValue(path, out Cid found))
                return $"the first path that differs is {path}, which is missing";
            if (!expected.TryGetValue(path, out Cid cid))
                return $"the first path that differs is {path}, which should not be there";
            if (cid != found && !folders.Contains(path))
                return $"the first path that differs is {path}, which should be {cid} and is {found}";
        }
        return "all files agree, so it was made by rules that have no name here";
    }
}
