using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ipdr.Cli.Commands;

/// <summary>Options whose values are words or parsed things; a wrong one is told with what would be right.</summary>
internal static class Choices
{
    /// <summary>One of several words; the first is the default.</summary>
    public static Option<T> Option<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        Option<T> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}. Default: {choices[0].Word}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
            DefaultValueFactory = _ => choices[0].Value,
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Word)]);
        return option;
    }

    /// <summary>One of several words, or none.</summary>
    public static Option<T?> OptionalOption<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        Option<T?> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Word)]);
        return option;
    }

    /// <summary>One of several things that have names, or none.</summary>
    public static Option<T?> Named<T>(string name, string description, IEnumerable<T> things, Func<T, string> nameOf)
        where T : class
    {
        (string Word, T Value)[] choices = [.. things.Select(thing => (nameOf(thing), thing))];
        Option<T?> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Word)]);
        return option;
    }

    /// <summary>Any number of values, each read by its type.</summary>
    public static Option<T[]> Parsed<T>(string name, string description, string helpName)
        where T : class, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Parse<T>(result, token.Value)).OfType<T>()],
        };

    private static T Choose<T>(ArgumentResult result, (string Word, T Value)[] choices)
    {
        string word = result.Tokens[^1].Value;
        foreach ((string known, T value) in choices)
        {
            if (known == word)
                return value;
        }
        result.AddError($"\"{word}\" is not one of {string.Join(", ", choices.Select(choice => choice.Word))}");
        return choices[0].Value;
    }

    private static T? Parse<T>(ArgumentResult result, string text)
        where T : class, IParsable<T>
    {
        try
        {
            return T.Parse(text, null);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }
}
