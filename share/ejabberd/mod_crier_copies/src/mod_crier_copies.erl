%% Copies notifications for crier, the publish-subscribe component, so that a fan-out to many
%% subscribers crosses the component's stream once. See docs/copies.md of crier.
%%
%% The component sends a message to itself with a list of recipients in it. Of each line, "ID JID",
%% this module makes a message: to that JID, with ID behind the id. Nobody else can use it: what
%% comes from a domain and goes to the same domain comes from who serves it. All else passes.
-module(mod_crier_copies).
-behaviour(gen_mod).

-export([start/2, stop/1, reload/3, depends/2, mod_options/1, mod_doc/0]).
-export([filter_packet/1]).

-define(NS_COPIES, <<"urn:crier:copies:0">>).
%% Behind whoever drops what is not wanted.
-define(PRIORITY, 90).

start(_Host, _Options) ->
    ejabberd_hooks:add(filter_packet, ?MODULE, filter_packet, ?PRIORITY),
    ok.

stop(Host) ->
    case gen_mod:is_loaded_elsewhere(Host, ?MODULE) of
        true -> ok;
        false ->
            ejabberd_hooks:delete(filter_packet, ?MODULE, filter_packet, ?PRIORITY),
            ok
    end.

reload(_Host, _NewOptions, _OldOptions) -> ok.

depends(_Host, _Options) -> [].

mod_options(_Host) -> [].

mod_doc() -> #{desc => <<"Copies notifications for crier, the publish-subscribe component.">>}.

filter_packet(drop) -> drop;
filter_packet(Packet) ->
    Self = xmpp:get_from(Packet),
    case Self =:= xmpp:get_to(Packet) andalso is_domain(Self) of
        true -> take(Packet, xmpp:get_name(Packet), xmpp:get_type(Packet));
        false -> Packet
    end.

is_domain(undefined) -> false;
is_domain(Jid) ->
    case jid:tolower(Jid) of
        {<<>>, _, <<>>} -> true;
        _ -> false
    end.

%% The component asks whether its notifications will be copied.
take(Packet, <<"iq">>, get) ->
    case is_list_in(Packet) of
        false -> Packet;
        true ->
            Copies = {xmlel, <<"copies">>, [{<<"xmlns">>, ?NS_COPIES}], []},
            ejabberd_router:route(xmpp:make_iq_result(Packet, Copies)),
            drop
    end;
take(Packet, <<"message">>, _) ->
    case is_list_in(Packet) of
        false -> Packet;
        true ->
            copy(Packet),
            drop
    end;
take(Packet, _, _) -> Packet.

is_list_in(Packet) -> lists:any(fun is_list/1, xmpp:get_els(Packet)).

is_list({xmlel, <<"copies">>, Attributes, _}) ->
    lists:member({<<"xmlns">>, ?NS_COPIES}, Attributes);
is_list(_) -> false.

copy(Message) ->
    {Lists, Content} = lists:partition(fun is_list/1, xmpp:get_els(Message)),
    Copied = xmpp:set_els(Message, Content),
    Id = xmpp:get_id(Message),
    Lines = binary:split(text_of(Lists), <<"\n">>, [global, trim]),
    lists:foreach(fun(Line) -> send(Copied, Id, binary:split(Line, <<" ">>)) end, Lines).

text_of(Lists) ->
    iolist_to_binary([Text || {xmlel, _, _, Children} <- Lists, {xmlcdata, Text} <- Children]).

send(Copied, Id, [OwnId, Recipient]) ->
    try jid:decode(Recipient) of
        To ->
            Message = xmpp:set_id(xmpp:set_to(Copied, To), <<Id/binary, OwnId/binary>>),
            ejabberd_router:route(Message)
    catch
        _:{bad_jid, _} -> ok
    end;
send(_, _, _) -> ok.
