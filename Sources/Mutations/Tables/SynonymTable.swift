extension WordTable {
    /// Synonyms for words of everyday requests, by hand; no thesaurus is shipped.
    static let synonyms = WordTable(
        """
        about=regarding accept=approve account=profile add=include address=location agree=consent
        allow=permit also=too always=constantly amount=sum angry=furious annual=yearly
        answer=reply appear=emerge arrange=organize ask=inquire assist=help attempt=try
        authorize=approve avoid=evade bad=poor begin=start below=under big=large book=reserve
        brief=short bring=fetch build=construct buy=purchase calculate=compute call=phone
        cancel=annul car=vehicle carefully=cautiously change=modify charge=bill cheap=inexpensive
        check=verify choose=select city=town clear=plain client=customer close=shut collect=gather
        combine=merge company=firm compare=contrast complete=finish concerning=regarding
        confirm=verify connect=link contain=hold convert=transform copy=duplicate correct=right
        cost=price country=nation create=produce current=present customer=client damage=harm
        decide=determine decrease=reduce delete=erase deliver=bring describe=depict desire=want
        difficult=hard discover=find discuss=debate display=show document=file doctor=physician
        draw=sketch easy=simple edit=revise email=mail employee=worker empty=vacant end=finish
        enough=sufficient ensure=guarantee error=mistake evaluate=assess examine=inspect
        example=instance expensive=costly explain=clarify fast=quick fetch=get fill=complete
        find=locate finish=complete fix=repair flat=apartment flight=trip forecast=prediction
        forbid=prohibit frequently=often friend=pal fully=completely gather=collect get=obtain
        gift=present give=provide glad=happy goal=aim good=fine great=excellent group=team
        guarantee=warranty happen=occur happy=glad hard=difficult help=assist hide=conceal
        high=tall holiday=vacation home=house huge=enormous idea=notion immediately=instantly
        important=significant improve=enhance include=contain increase=raise inform=notify
        instruct=direct issue=problem item=article job=task join=attend keep=retain kind=type
        large=big last=final later=afterwards launch=start lawyer=attorney leave=depart let=allow
        list=enumerate little=small locate=find look=glance lower=reduce mail=post make=create
        many=numerous maybe=perhaps meeting=conference mend=repair message=note mistake=error
        modify=change money=cash monthly=each_month most=majority move=transfer near=close
        necessary=needed need=require new=recent nice=pleasant normal=usual notice=note
        notify=inform now=currently obtain=get occur=happen offer=propose often=frequently
        old=former only=solely open=unlock order=purchase owner=proprietor package=parcel
        part=piece pay=settle perhaps=maybe person=individual photo=picture pick=choose place=spot
        plan=scheme present=show price=cost problem=issue produce=create product=item
        provide=supply purchase=buy put=place question=query quick=fast quickly=rapidly
        quiet=silent raise=lift rapid=quick read=peruse ready=prepared recent=new recommend=suggest
        reduce=lower remove=delete repair=fix reply=answer report=account
        request=ask require=need reserve=book return=send_back rich=wealthy right=correct
        room=chamber sad=unhappy safe=secure save=store say=state schedule=plan search=seek
        see=view select=choose send=dispatch set=place shop=store short=brief show=display
        sick=ill simple=easy small=little smart=clever soon=shortly speak=talk start=begin
        stop=halt store=keep suggest=propose summarize=condense supply=provide sure=certain
        talk=speak task=job tell=inform terminate=end test=try ticket=pass total=sum town=city
        translate=render trip=journey type=kind update=refresh urgent=pressing use=utilize
        vacation=holiday vehicle=car verify=confirm very=extremely wait=hold_on want=wish
        weather=climate weekly=each_week whole=entire work=labour write=compose wrong=incorrect
        """)

    /// Opposites, by hand.
    static let antonyms = WordTable(
        """
        accept=reject add=remove after=before agree=disagree all=none allow=forbid always=never
        answer=ask approve=reject arrive=depart ascending=descending asleep=awake
        attach=detach available=unavailable back=front bad=good before=after begin=end
        below=above best=worst better=worse big=small book=cancel borrow=lend bottom=top
        bright=dark build=destroy busy=idle buy=sell cancel=book cheap=expensive clean=dirty
        close=open cold=hot combine=split complete=incomplete confirm=deny connect=disconnect
        continue=stop correct=incorrect create=delete credit=debit dangerous=safe dark=light
        day=night deactivate=activate activate=deactivate decrease=increase deep=shallow
        delete=create deny=allow deposit=withdraw different=same disable=enable down=up
        download=upload dry=wet early=late earliest=latest easy=hard empty=full enable=disable
        encrypt=decrypt end=begin enter=leave every=no everything=nothing exclude=include
        expensive=cheap export=import external=internal fail=succeed false=true far=near
        fast=slow fastest=slowest few=many final=first find=lose first=last follow=ignore
        forbid=allow forget=remember forward=backward free=paid from=to full=empty future=past
        gain=loss give=take good=bad happy=sad hard=easy heavy=light hide=show high=low
        highest=lowest hot=cold import=export include=exclude income=expense increase=decrease
        install=uninstall internal=external join=leave keep=discard largest=smallest last=first
        late=early latest=earliest leave=stay left=right less=more light=heavy like=dislike
        load=save lock=unlock long=short longest=shortest lose=find loud=quiet love=hate low=high
        lowest=highest many=few maximum=minimum maximize=minimize minimum=maximum minimize=maximize
        merge=split more=less morning=evening most=least mute=unmute never=always new=old
        newest=oldest next=previous nobody=everybody none=all north=south nothing=everything
        off=on old=new oldest=newest on=off open=close optional=required outside=inside
        paid=unpaid pass=fail past=future pause=resume permit=forbid positive=negative
        previous=next private=public public=private pull=push push=pull raise=lower receive=send
        reject=accept remember=forget remove=add rent=buy required=optional reserve=release
        resume=pause right=left safe=dangerous same=different save=discard sell=buy send=receive
        short=long shortest=longest show=hide sick=healthy simple=complex slow=fast small=big
        smallest=largest start=stop stop=start strong=weak subscribe=unsubscribe succeed=fail
        take=give tall=short thick=thin thin=thick top=bottom true=false unlock=lock up=down
        upload=download valid=invalid wake=sleep warm=cool weak=strong win=lose with=without
        withdraw=deposit without=with worst=best young=old
        """)

    /// The next more general word, by hand.
    static let hypernyms = WordTable(
        """
        airport=place animal=being apple=fruit april=month apartment=home article=text bag=container
        ball=toy banana=fruit bank=institution bed=furniture bicycle=vehicle bike=vehicle
        bill=document bird=animal blue=colour boat=vehicle book=text bottle=container box=container
        boy=person bread=food breakfast=meal brother=relative building=structure bus=vehicle
        cable=thing cake=food camera=device car=vehicle cat=animal chair=furniture chart=picture
        cheese=food chicken=food child=person church=building city=place clock=device coat=clothing
        coffee=drink colleague=person color=property colour=property company=organization
        computer=device contract=document country=place cow=animal cup=container dentist=doctor
        desk=furniture dinner=meal doctor=person document=file dog=animal dollar=currency
        dress=clothing driver=person email=message employee=person euro=currency event=happening
        father=relative fish=animal flat=home flight=trip flower=plant folder=container food=thing
        football=sport fork=tool friend=person fruit=food game=activity garden=place gift=thing
        girl=person glass=container gold=metal green=colour guitar=instrument hammer=tool
        hat=clothing headphones=device horse=animal hospital=building hotel=building house=building
        hour=time insect=animal invoice=document iron=metal jacket=clothing january=month
        journalist=person juice=drink july=month june=month keyboard=device kitchen=room
        knife=tool lake=water lamp=device language=system laptop=computer lawyer=person
        letter=message library=building lunch=meal magazine=text manager=person map=picture
        march=month meat=food medicine=substance meeting=event memo=message milk=drink
        minute=time monday=day monitor=device month=time mother=relative mouse=animal
        movie=work museum=building nurse=person office=room orange=fruit order=request
        package=object painting=work parcel=object park=place passport=document patient=person
        pen=tool phone=device photo=picture piano=instrument pig=animal pilot=person pizza=food
        plane=vehicle plate=dish police=organization printer=device rain=weather receipt=document
        red=colour report=document restaurant=place rice=food river=water road=way room=space
        rose=flower salad=food school=building sedan=car ship=vehicle shirt=clothing shoe=clothing
        shop=building silver=metal sister=relative snow=weather sofa=furniture song=work soup=food
        spreadsheet=document storm=weather street=way student=person suitcase=container sunday=day
        table=furniture tablet=device taxi=vehicle tea=drink teacher=person television=device
        tennis=sport ticket=document train=vehicle tree=plant trousers=clothing truck=vehicle
        tuesday=day university=institution van=vehicle village=place violin=instrument watch=device
        water=liquid website=resource wednesday=day week=time wine=drink winter=season
        wood=material worker=person year=time yellow=colour
        """)
}
